package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which copies of its entries a granter has lent, to whom and until when: the granter's half of leases. The holder's is
 * {@link LeasedCopies}.
 *
 * <p>Invariant: when the {@link LeaseWait} of a Remove is over, no holder uses a copy that is older than the Remove,
 * however late its messages come and whether or not it can be reached.
 *
 * <h2>The orderings</h2>
 *
 * <p><b>Lent after the Remove.</b> 1: the entry is read from memory. 2: Remove takes it away, and finds no lease to
 * revoke. 3: the lease is granted. So the lease is registered first, then memory is looked at, all in one step; and a
 * Remove takes the entry away first, then looks for leases. Whichever comes second sees the other.
 *
 * <p><b>Revoked before it came.</b> 1: the lease is granted. 2: it is revoked, and that is sent. 3: the holder, which
 * has no copy, confirms. 4: the grant is sent, and the holder keeps the copy. So what a holder is told is queued under
 * this lock, grants and revocations alike, and sent in that order.
 *
 * <p><b>Lent again while it is revoked.</b> 1: a lease is revoked. 2: the holder, which does not know yet, asks for the
 * key once more and is granted another lease, on the new value. 3: it confirms the revocation. Only the first lease is
 * over: each is a lease of its own.
 *
 * <p><b>Repeated Remove.</b> 1: Remove waits for a lease. 2: its sender loses patience and sends it again. 3: memory
 * has nothing to remove any more. The lease is there until it is confirmed or over, so the second waits for it too.
 *
 * <p><b>Broken stream.</b> 1: the granter sees the stream to a holder break. 2: the holder does not see it, and answers
 * with its copy. So a break that only the granter knows of ends no lease: the holder's own word does ({@link #confirm},
 * {@link #release}), or time.
 *
 * <p><b>Time.</b> The holder counts a lease from when it asked, the granter from later, when it answers: the holder's
 * is over first, and no clock is compared with another.
 *
 * <p>Safe for use by many threads. Callers' own locks must not be taken around a call that a look at memory could wait
 * for. A Remove where nothing is lent costs one read of a volatile field.
 */
public final class LeaseTable {
    /** Most keys in one message to a holder. */
    private static final int KEYS_PER_MESSAGE = 256;

    private final LeaseLimits limits;
    private final Object lock = new Object();
    private final LeaseIndex leases = new LeaseIndex();
    private final Set<LeaseWait> waits = new LinkedHashSet<>();
    /** How many leases there are, the one that is about to be granted included. */
    private volatile int size;

    /** What is to be done when the lock is no longer held. */
    private static final class Aftermath {
        private final List<LeaseWait> over = new ArrayList<>();
        private final Set<LeaseHolder> told = new LinkedHashSet<>();
        private final Set<LeaseHolder> overdue = new LinkedHashSet<>();

        void run() {
            told.forEach(LeaseHolder::flush);
            overdue.forEach(LeaseHolder::overdue);
            over.forEach(wait -> wait.over().complete(true));
        }
    }

    public LeaseTable(LeaseLimits limits) {
        this.limits = requireNonNull(limits, "limits is null");
    }

    /** Whether nothing is lent. To be asked after memory has let go of what is removed. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** How many leases there are. */
    public int size() {
        return size;
    }

    /**
     * Grants a lease on what memory has, in one step with the look at it.
     *
     * @param look what memory has at this moment and may be lent; null for nothing. Must not block
     * @param granted queues the grant of so many milliseconds to the holder, counted by it from when it asked
     * @return whether it is granted; if not, the holder must not keep the answer
     */
    public boolean grant(
            LeaseHolder holder,
            String group,
            String key,
            long wantedMillis,
            long nowNanos,
            Supplier<@Nullable Leasable> look,
            LongConsumer granted) {
        Aftermath aftermath = new Aftermath();
        boolean done;
        synchronized (lock) {
            expireEldest(nowNanos, aftermath);
            done = hasRoom(holder) && lend(holder, group, key, wantedMillis, nowNanos, look, granted);
        }
        aftermath.run();
        return done;
    }

    private boolean hasRoom(LeaseHolder holder) {
        return size < limits.most() && leases.count(holder) < limits.mostOfHolder();
    }

    private boolean lend(
            LeaseHolder holder,
            String group,
            String key,
            long wantedMillis,
            long nowNanos,
            Supplier<@Nullable Leasable> look,
            LongConsumer granted) {
        int before = size;
        // Before the look: who removes after it finds that something is lent.
        size = before + 1;
        boolean lent = false;
        try {
            Leasable found = look.get();
            long millis = found == null
                    ? 0
                    : Math.min(
                            Math.min(wantedMillis, found.mostMillis()),
                            limits.longest().toMillis());
            if (found != null && millis > 0) {
                leases.add(new Lease(holder, group, key, found.stamp(), nowNanos + millis * 1_000_000));
                lent = true;
                granted.accept(millis);
            }
            return lent;
        } finally {
            if (!lent) {
                size = before;
            }
        }
    }

    /**
     * Revokes what the Removes of a batch end. To be called when memory has let go of what they remove.
     *
     * @return what to wait for before they are acknowledged
     */
    public LeaseWait revoke(List<LeaseDemand> demands, long nowNanos) {
        if (size == 0) {
            return LeaseWait.NONE;
        }
        Aftermath aftermath = new Aftermath();
        LeaseWait wait = new LeaseWait();
        synchronized (lock) {
            expireEldest(nowNanos, aftermath);
            Revocations revocations = new Revocations();
            for (LeaseDemand demand : demands) {
                for (Lease lease : leases.asked(demand)) {
                    if (!lease.isOver(nowNanos) && !demand.spares(lease.stamp())) {
                        wait.add(lease);
                        revocations.add(lease, demand.whole(), demand.position());
                    }
                }
            }
            await(wait, revocations, aftermath);
        }
        aftermath.run();
        return wait;
    }

    /**
     * Revokes what is not to be lent any more, such as keys that are held under no ring.
     *
     * @param groupAndKey which leases may stay; must do no more than read memory
     * @return what to wait for
     */
    public LeaseWait retainIf(BiPredicate<String, String> groupAndKey, long nowNanos) {
        if (size == 0) {
            return LeaseWait.NONE;
        }
        Aftermath aftermath = new Aftermath();
        LeaseWait wait = new LeaseWait();
        synchronized (lock) {
            Revocations revocations = new Revocations();
            for (Lease lease : leases.all()) {
                if (!lease.isOver(nowNanos) && !groupAndKey.test(lease.group(), lease.key())) {
                    wait.add(lease);
                    revocations.add(lease, false, SourcePosition.UNKNOWN);
                }
            }
            await(wait, revocations, aftermath);
        }
        aftermath.run();
        return wait;
    }

    private void await(LeaseWait wait, Revocations revocations, Aftermath aftermath) {
        revocations.forEach(KEYS_PER_MESSAGE, (holder, message) -> {
            long number = leases.number(holder, message.leases());
            holder.revoke(number, message.group(), message.keys(), message.position());
            aftermath.told.add(holder);
        });
        if (wait.leases().isEmpty()) {
            aftermath.over.add(wait);
        } else {
            waits.add(wait);
        }
    }

    /** The holder says that the copies of this revocation are gone. */
    public void confirm(LeaseHolder holder, long revocation) {
        Aftermath aftermath = new Aftermath();
        synchronized (lock) {
            leases.confirmed(holder, revocation).forEach(lease -> end(lease, aftermath));
        }
        aftermath.run();
    }

    /** The holder says that it has none of its copies any more. What breaks a stream says no such thing. */
    public void release(LeaseHolder holder) {
        Aftermath aftermath = new Aftermath();
        synchronized (lock) {
            leases.of(holder).forEach(lease -> end(lease, aftermath));
        }
        aftermath.run();
    }

    /** Ends what is over by time. To be called when a wait is due, and now and then to free memory. */
    public void expire(long nowNanos) {
        Aftermath aftermath = new Aftermath();
        synchronized (lock) {
            expireEldest(nowNanos, aftermath);
            for (LeaseWait wait : List.copyOf(waits)) {
                for (Lease lease : List.copyOf(wait.leases())) {
                    if (lease.isOver(nowNanos)) {
                        endByTime(lease, aftermath);
                    }
                }
            }
        }
        aftermath.run();
    }

    private void expireEldest(long nowNanos, Aftermath aftermath) {
        Lease eldest = leases.eldest();
        while (eldest != null && eldest.isOver(nowNanos)) {
            endByTime(eldest, aftermath);
            eldest = leases.eldest();
        }
    }

    private void endByTime(Lease lease, Aftermath aftermath) {
        if (lease.isRevoked()) {
            aftermath.overdue.add(lease.holder());
        }
        end(lease, aftermath);
    }

    private void end(Lease lease, Aftermath aftermath) {
        if (!leases.remove(lease)) {
            return;
        }
        size = leases.all().size();
        for (LeaseWait wait : lease.waits()) {
            if (wait.leases().remove(lease) && wait.leases().isEmpty()) {
                waits.remove(wait);
                aftermath.over.add(wait);
            }
        }
    }
}
