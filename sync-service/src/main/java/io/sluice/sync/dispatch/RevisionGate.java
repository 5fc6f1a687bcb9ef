package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Up to which topology revision our own view counts, when receivers speak of newer ones.
 *
 * <p>A newer revision at a receiver mostly means that our watch is about to bring it. It can also be the same members
 * seen at a later moment of etcd's history, and then nothing will ever come. So a revision counts as seen once the
 * membership has asked its source again since we heard of it. Time alone proves nothing:
 *
 * <ol>
 *   <li>we are cut off from etcd;
 *   <li>C becomes a holder by revision 8 and loads the old value;
 *   <li>a removal is acknowledged by A, who knows revision 8. Done now, however late, would leave C's old value.
 * </ol>
 *
 * <p>Numbers are compared within one history of etcd. When it has lost its data, revisions begin anew, and what was
 * heard before says nothing about them:
 *
 * <ol>
 *   <li>revision 5000 counts as seen; etcd loses its data, and revision 10 is adopted;
 *   <li>C becomes a holder by revision 11 and loads the old value;
 *   <li>a removal is acknowledged by A, who knows revision 11. It is less than 5000; done now would leave C's old
 *       value.
 * </ol>
 *
 * <p>Safe for use by many threads. Invariant: at most one timer counts, whatever is heard.
 */
final class RevisionGate implements AutoCloseable {
    private final long patienceNanos;
    private final LongPredicate confirmedSince;
    private final LongConsumer whenOpened;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoClock;
    private boolean pending;
    /** How often history began anew. */
    private long history;

    private long heard = Long.MIN_VALUE;
    private volatile long opened = Long.MIN_VALUE;

    /**
     * {@code whenOpened} is told each revision that counts from now on, on the gate's thread.
     *
     * @param patience between two looks whether the source was asked
     * @param confirmedSince whether it was, since a moment of the clock
     * @param timer of the gate alone
     */
    RevisionGate(
            Duration patience,
            LongPredicate confirmedSince,
            LongConsumer whenOpened,
            ScheduledExecutorService timer,
            LongSupplier nanoClock) {
        this.patienceNanos = patience.toNanos();
        this.confirmedSince = requireNonNull(confirmedSince, "confirmedSince is null");
        this.whenOpened = requireNonNull(whenOpened, "whenOpened is null");
        this.timer = requireNonNull(timer, "timer is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** The greatest revision that counts as seen. */
    long opened() {
        return opened;
    }

    /** Whether a receiver has spoken of a revision after this one. */
    synchronized boolean heardSince(long revision) {
        return heard > revision;
    }

    /** A receiver knows this revision, which is newer than ours. */
    synchronized void heard(long revision) {
        heard = Math.max(heard, revision);
        if (!pending && heard > opened) {
            pending = true;
            openLater(heard, nanoClock.getAsLong(), history);
        }
    }

    /** A topology with a smaller revision than the one before is about to be adopted: forgets all that was heard. */
    synchronized void beginAnew() {
        history++;
        pending = false;
        heard = Long.MIN_VALUE;
        opened = Long.MIN_VALUE;
    }

    private void openLater(long revision, long heardNanos, long heardIn) {
        if (timer.isShutdown()) {
            return;
        }
        var _ = timer.schedule(() -> open(revision, heardNanos, heardIn), patienceNanos, TimeUnit.NANOSECONDS);
    }

    private void open(long revision, long heardNanos, long heardIn) {
        synchronized (this) {
            if (heardIn != history) {
                return;
            }
            if (!confirmedSince.test(heardNanos)) {
                openLater(revision, heardNanos, heardIn);
                return;
            }
            pending = false;
            opened = revision;
            heard(heard);
        }
        whenOpened.accept(revision);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
