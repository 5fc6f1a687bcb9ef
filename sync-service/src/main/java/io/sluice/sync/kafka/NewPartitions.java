package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions that this instance has got and may not tell nodes of yet: first the registration must be sure, and it must
 * have looked anew which nodes there are. Who had the partition before may have given up a node that is still there to
 * this instance:
 *
 * <ol>
 *   <li>S1 and node N lose etcd, but neither Kafka nor each other; or N loses etcd, and S1 the watch of who is there,
 *       which is silent without saying so; N's lease ends
 *   <li>S2 waits until N is gone for good, does a removal of partition p without N and commits; N has heard nothing of
 *       p since its lease ended, and is quiet
 *   <li>S2 stops; p is assigned to S1, which goes on behind the removal, and to which N is still there
 *   <li>the next heartbeat of p passes. Told of it, N would take the removal for applied and answer again, with the
 *       value of before
 * </ol>
 *
 * In a partition that it has had since then nobody else has done anything. Confined to the poll thread.
 */
final class NewPartitions {
    private final Registration registration;
    private final LongSupplier nanoClock;
    private final Set<TopicPartition> untold = new HashSet<>();
    private long lastNanos;

    NewPartitions(Registration registration, LongSupplier nanoClock) {
        this.registration = requireNonNull(registration, "registration is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    void assigned(Collection<TopicPartition> partitions) {
        untold.addAll(partitions);
        lastNanos = nanoClock.getAsLong();
        registration.look();
    }

    /** The registration is sure at this moment. */
    void sure() {
        if (!untold.isEmpty() && registration.hasLookedSince(lastNanos)) {
            untold.clear();
        }
    }

    /** These are somebody else's now. */
    void gone(Collection<TopicPartition> partitions) {
        untold.removeAll(partitions);
    }

    /** Those of which nodes are told nothing. */
    Set<TopicPartition> untold() {
        return untold;
    }
}
