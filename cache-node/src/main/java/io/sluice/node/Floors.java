package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes up for the Removes that this node was not sent because it held nothing yet: what was removed before a ring
 * became active is covered by the ring's floor H, and nothing that does not reflect H is kept under that ring.
 *
 * <pre>
 * MySQL: the row changes; its event overtakes the visibility of the commit
 * Remove: done on the holders of then
 *         a ring becomes active, with H; this node holds the key
 * 1: loads, and still reads the old row: its stamp does not cover H
 * </pre>
 *
 * Where there is no H, because the source has no positions or none was read, loads of the next moments are not kept
 * (the fence's hold). So it is with the one ring of a fixed list of members, for a node that was started again. Groups
 * that nothing removes from need neither.
 *
 * <p>Used by one thread at a time.
 */
final class Floors {
    private final CacheGroups groups;
    private final boolean invalidated;
    private Set<Ring> merged = Set.of();

    /** With the members, since ids begin anew when etcd has lost its data. */
    private record Ring(long id, List<Member> members) {}

    /** @param cluster says whether anything sends Removes at all */
    Floors(CacheGroups groups, ClusterConfig cluster) {
        this.groups = requireNonNull(groups, "groups is null");
        this.invalidated = cluster.ringChanges().invalidated();
    }

    /** Merges what rings demand that hold or have held since this was last called; documents may have been skipped. */
    void raise(Topology topology) {
        if (!invalidated) {
            return;
        }
        Set<Ring> holding = new HashSet<>();
        for (RingRecord record : topology.rings()) {
            if (record.state() == RingState.ACTIVE || record.state() == RingState.DRAINING) {
                Ring ring = new Ring(record.id(), record.members());
                holding.add(ring);
                if (!merged.contains(ring)) {
                    groups.all().forEach(group -> raise(group, record));
                }
            }
        }
        merged = holding;
    }

    private static void raise(CacheGroup group, RingRecord ring) {
        if (group.coherence() == Coherence.NONE) {
            return;
        }
        SourcePosition floor = ring.floors().getOrDefault(group.source(), SourcePosition.UNKNOWN);
        group.store().raiseFloor(group.positioned() ? floor : SourcePosition.UNKNOWN);
    }
}
