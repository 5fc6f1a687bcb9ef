package io.sluice.simulation;

import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.Topology;
import java.util.Comparator;
import java.util.List;

/**
 * Some time after the last fault one ring is left and has the living nodes, all is consumed, every entry is what the
 * database has, and the owner of every key keeps it.
 */
final class EventuallyCurrent implements Invariant {
    private final Simulation simulation;

    EventuallyCurrent(Simulation simulation) {
        this.simulation = simulation;
    }

    boolean reached() {
        return missing().isEmpty();
    }

    void require() {
        String missing = missing();
        require(missing.isEmpty(), () -> missing);
    }

    private String missing() {
        List<Member> living = simulation.nodes().stream()
                .map(SimNode::asMember)
                .sorted(Comparator.comparing(Member::name))
                .toList();
        for (SimNode node : simulation.nodes()) {
            Topology topology = node.topology();
            RingRecord active = topology.activeRing();
            if (topology.rings().size() != 1
                    || active == null
                    || !active.members().equals(living)) {
                return node + " sees " + topology + ", living are " + living;
            }
        }
        for (SimNode node : simulation.nodes()) {
            for (int key = 0; key < SimDatabase.KEYS; key++) {
                Transaction held = node.held(key);
                Transaction latest = simulation.database.latest(key);
                boolean owner = node.isOwner(key);
                if (held == null ? owner : held.sequence != latest.sequence && !isSameDeletion(held, latest)) {
                    return node + " holds " + (held == null ? "nothing" : "change " + held.sequence) + " of key " + key
                            + ", which is at change " + latest.sequence + " " + latest.gtid;
                }
            }
        }
        return simulation.kafka.isSettled() ? "" : "not all is consumed";
    }

    private static boolean isSameDeletion(Transaction held, Transaction latest) {
        return held.kind == Transaction.Kind.DELETION && latest.kind == Transaction.Kind.DELETION;
    }
}
