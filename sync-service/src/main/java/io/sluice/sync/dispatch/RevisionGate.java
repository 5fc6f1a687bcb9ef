package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Up to which topology revision our own view counts, when receivers speak of newer ones.
 *
 * <p>A newer revision at a receiver mostly means that our watch is about to bring it. It can also be the same members
 * seen at a later moment of etcd's history, and then nothing will ever come. So a revision that was heard of a patience
 * ago counts as seen: the patience is longer than the membership takes to notice that its watch is dead.
 *
 * <p>Safe for use by many threads. Invariant: at most one timer is pending, whatever is heard.
 */
final class RevisionGate implements AutoCloseable {
    private final long patienceNanos;
    private final LongConsumer whenOpened;
    private final ScheduledThreadPoolExecutor timer;
    private boolean pending;
    private long heard = Long.MIN_VALUE;
    private volatile long opened = Long.MIN_VALUE;

    /** {@code whenOpened} is told each revision that counts from now on, on the gate's thread. */
    RevisionGate(Duration patience, LongConsumer whenOpened) {
        this.patienceNanos = patience.toNanos();
        this.whenOpened = requireNonNull(whenOpened, "whenOpened is null");
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("sluice-sync-revisions").daemon().factory());
    }

    /** The greatest revision whose patience is over. */
    long opened() {
        return opened;
    }

    /** A receiver knows this revision, which is newer than ours. */
    synchronized void heard(long revision) {
        heard = Math.max(heard, revision);
        if (!pending && heard > opened && !timer.isShutdown()) {
            pending = true;
            long promised = heard;
            var _ = timer.schedule(() -> open(promised), patienceNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void open(long revision) {
        synchronized (this) {
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
