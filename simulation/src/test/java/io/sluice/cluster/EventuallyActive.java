package io.sluice.cluster;

import java.util.Comparator;
import java.util.List;

/**
 * Some time after the last fault one ring is left, it is active, has exactly the living nodes, and all Removes are
 * done.
 */
final class EventuallyActive {
    private final SimCluster cluster;

    EventuallyActive(SimCluster cluster) {
        this.cluster = cluster;
    }

    boolean reached() {
        List<Member> living = cluster.nodes().stream()
                .map(SimNode::asMember)
                .sorted(Comparator.comparing(Member::name))
                .toList();
        return cluster.pipeline.isSettled()
                && cluster.nodes().stream().allMatch(node -> isSettled(node.membership.topology(), living));
    }

    private static boolean isSettled(Topology topology, List<Member> living) {
        RingRecord active = topology.activeRing();
        return topology.rings().size() == 1
                && active != null
                && active.members().equals(living);
    }

    void require() {
        if (!reached()) {
            throw new AssertionError("EventuallyActive is broken: committed " + cluster.pipeline.committed() + " of "
                    + cluster.pipeline.position() + "; "
                    + cluster.nodes().stream()
                            .map(node -> node.asMember() + " sees " + node.membership.topology())
                            .toList());
        }
    }
}
