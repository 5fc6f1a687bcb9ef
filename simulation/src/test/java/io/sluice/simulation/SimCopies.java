package io.sluice.simulation;

import io.sluice.cluster.Member;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.Admission;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CopyMessages;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Copy;
import io.sluice.store.CacheEntry;
import java.util.List;

/** Copies that one simulated node sends to the replicas of a key, and keeps of others. */
final class SimCopies {
    private final Simulation simulation;
    private final SimNode node;
    private final CacheGroup group;
    private final Holdings holdings;
    private final Admission admission;

    SimCopies(Simulation simulation, SimNode node, CacheGroup group, Holdings holdings) {
        this.simulation = simulation;
        this.node = node;
        this.group = group;
        this.holdings = holdings;
        this.admission = new Admission(holdings);
    }

    /** To the replicas of a key, as the production pusher does. */
    void push(List<Member> replicas, Read read, CacheEntry entry) {
        Copy copy = CopyMessages.of(group, read.key(), entry, entry.stamp(), node.nanoTime());
        if (copy == null) {
            return;
        }
        for (Member replica : replicas) {
            SimNode other = simulation.node(replica.name());
            if (other != null) {
                node.send(other, () -> other.copies().keep(copy));
            }
        }
    }

    /** As the production receiver keeps a copy. */
    private void keep(Copy copy) {
        SourcePosition stamp = SourcePosition.parse(copy.getStamp().getGtidSet());
        CacheEntry entry = CopyMessages.unasked(copy, group, stamp, node.nanoTime());
        if (group.store() instanceof SwitchedStore switched) {
            switched.copying = true;
        }
        admission.keep(group, group.storeKey(copy.getKey()), entry, holdings.topology());
        if (group.store() instanceof SwitchedStore switched) {
            switched.copying = false;
        }
    }
}
