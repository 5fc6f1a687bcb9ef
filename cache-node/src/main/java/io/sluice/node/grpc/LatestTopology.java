package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.node.Failures;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The topology that was the latest at some moment of the call, not just the latest that this node has heard of. Asks
 * the source of members for it; a fixed list answers at once. Thread-safe; blocks for a bounded time.
 *
 * <p>One asks at a time. Asking anew gives up the question before it, so many who ask at once would get no answer; and
 * one answer is good for all who had come when it was asked for.
 */
final class LatestTopology {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Membership membership;
    private final ReentrantLock asking = new ReentrantLock();

    LatestTopology(Membership membership) {
        this.membership = requireNonNull(membership, "membership is null");
    }

    /** @throws io.grpc.StatusRuntimeException UNAVAILABLE when there is no answer in half of the time that is left */
    Topology get(Deadline deadline) {
        long calledNanos = System.nanoTime();
        // The other half is for telling the caller, and for another round.
        long untilNanos = calledNanos + Math.min(MOST_NANOS, deadline.timeRemaining(TimeUnit.NANOSECONDS) / 2);
        if (!confirm(calledNanos, untilNanos)) {
            throw Failures.unavailable("The source of members (etcd) did not confirm the topology in time, so not every"
                    + " holder is known to have acknowledged: try again, removals may be repeated");
        }
        return membership.topology();
    }

    private boolean confirm(long calledNanos, long untilNanos) {
        if (membership.confirmedSince(calledNanos)) {
            return true;
        }
        try {
            if (!asking.tryLock(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return membership.confirmedSince(calledNanos) || ask(calledNanos, untilNanos);
        } finally {
            asking.unlock();
        }
    }

    private boolean ask(long calledNanos, long untilNanos) {
        membership.refresh();
        while (!membership.confirmedSince(calledNanos)) {
            if (System.nanoTime() - untilNanos >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
