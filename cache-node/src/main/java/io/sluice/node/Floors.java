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
import java.util.ArrayList;
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
 * <p>Thread-safe. A group that comes with new rules is covered by the rings raised so far ({@link #cover}) or by the
 * next raise, whichever comes later: it is among the groups before it is covered.
 */
final class Floors {
    private final CacheGroups groups;
    private final boolean invalidated;
    private Set<Ring> merged = Set.of();
    private List<RingRecord> raised = List.of();

    /** With the members, since ids begin anew when etcd has lost its data. */
    private record Ring(long id, List<Member> members) {}

    /** @param cluster says whether anything sends Removes at all */
    Floors(CacheGroups groups, ClusterConfig cluster) {
        this.groups = requireNonNull(groups, "groups is null");
        this.invalidated = cluster.ringChanges().invalidated();
    }

    /** Merges what rings demand that hold or have held since this was last called; documents may have been skipped. */
    synchronized void raise(Topology topology) {
        if (!invalidated) {
            return;
        }
        Set<Ring> holding = new HashSet<>();
        List<RingRecord> records = new ArrayList<>();
        for (RingRecord record : topology.rings()) {
            if (record.state() == RingState.ACTIVE || record.state() == RingState.DRAINING) {
                Ring ring = new Ring(record.id(), record.members());
                holding.add(ring);
                records.add(record);
                if (!merged.contains(ring)) {
                    groups.all().forEach(group -> raise(group, record));
                }
            }
        }
        merged = holding;
        raised = records;
    }

    /**
     * For a group that has come to be among the groups: what the rings demand, and the Removes that came before it did.
     */
    synchronized void cover(CacheGroup group) {
        raised.forEach(record -> raise(group, record));
        SourcePosition missed = groups.missedBy(group.name());
        if (!missed.isUnknown() && group.positioned()) {
            group.store().raiseFloor(missed);
        }
        exempt(group);
    }

    /**
     * In this order, since the floor of a ring may have been read before a failover, and be merged after it:
     *
     * <ol>
     *   <li>H is read on the primary; a failover loses some of it;
     *   <li>the node is told these as phantoms, and demands them of nobody any more;
     *   <li>the topology with H comes. Demanded now, no load would ever be kept again: phantoms are told once.
     * </ol>
     *
     * Looked at after the merge, so that phantoms which come at this moment are taken away by one or the other.
     */
    private static void exempt(CacheGroup group) {
        SourcePosition phantoms = group.applied().now().phantoms();
        if (!phantoms.isUnknown()) {
            group.store().exempt(phantoms);
        }
    }

    private static void raise(CacheGroup group, RingRecord ring) {
        if (group.coherence() == Coherence.NONE) {
            return;
        }
        SourcePosition floor = ring.floors().getOrDefault(group.source(), SourcePosition.UNKNOWN);
        group.store().raiseFloor(group.positioned() ? floor : SourcePosition.UNKNOWN);
        exempt(group);
    }
}
