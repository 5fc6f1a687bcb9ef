package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;

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
 * (the fence's hold). Groups that nothing removes from need neither.
 *
 * <p>Used by one thread at a time.
 */
final class Floors {
    private final CacheGroups groups;
    private final boolean invalidated;
    private long latestRing;

    /** @param invalidated whether anything sends Removes and reads floors for rings at all */
    Floors(CacheGroups groups, boolean invalidated) {
        this.groups = requireNonNull(groups, "groups is null");
        this.invalidated = invalidated;
    }

    /** Merges what rings demand that hold or have held since this was last called; documents may have been skipped. */
    void raise(Topology topology) {
        if (!invalidated) {
            return;
        }
        long latest = latestRing;
        for (RingRecord ring : topology.rings()) {
            boolean holds = ring.state() == RingState.ACTIVE || ring.state() == RingState.DRAINING;
            if (holds && ring.id() > latestRing) {
                groups.all().forEach(group -> raise(group, ring));
                latest = Math.max(latest, ring.id());
            }
        }
        latestRing = latest;
    }

    private static void raise(CacheGroup group, RingRecord ring) {
        if (group.coherence() == Coherence.NONE) {
            return;
        }
        SourcePosition floor = ring.floors().getOrDefault(group.source(), SourcePosition.UNKNOWN);
        group.store().raiseFloor(group.positioned() ? floor : SourcePosition.UNKNOWN);
    }
}
