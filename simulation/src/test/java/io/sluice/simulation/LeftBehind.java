package io.sluice.simulation;

import io.sluice.cluster.SimProcess;
import io.sluice.cluster.SimWorld;
import java.util.List;

/**
 * A sync instance that consumes on without its registration, while a ring becomes active without it:
 *
 * <ol>
 *   <li>it is cut off from etcd, not from the nodes nor from Kafka; its lease ends
 *   <li>a holder of the hot row leaves; nobody waits for that instance, and another node holds the row from now on
 *   <li>the holders hear of it late, and the new one cannot speak to the instance for a moment: so nobody tells it
 *   <li>the row changes; the instance has its holders of before forget it, and takes that for done
 *   <li>it speaks to the new holder, which has loaded the row before it changed
 * </ol>
 */
final class LeftBehind {
    private final Simulation simulation;
    private final SimWorld world;

    LeftBehind(Simulation simulation) {
        this.simulation = simulation;
        this.world = simulation.world;
    }

    /** @param replaced whether the new holder is another process by then, that the instance takes for the one before */
    void strike(boolean replaced) {
        int row = simulation.traffic.hotRow();
        List<SimNode> holders = nodes(row, true);
        List<SimNode> others = nodes(row, false);
        List<SimSync> consuming = simulation.syncs().stream()
                .filter(sync -> sync.consumes(row) && sync.sendsTo(others))
                .toList();
        if (holders.size() < 2
                || others.isEmpty()
                || consuming.isEmpty()
                || !simulation.syncs().stream().allMatch(SimProcess::reachesEtcd)) {
            return;
        }
        SimSync left = world.any(consuming);
        simulation.note(left.name + " is left behind");
        left.cutFromEtcd(world.between(4_000, 5_500));
        holders.forEach(node -> simulation.etcd.slowTopology(node, world.between(4_000, 5_000)));
        others.forEach(node -> {
            if (replaced) {
                world.in(world.between(700, 1_200), () -> replace(node));
            } else {
                hearLate(node);
            }
        });
        SimNode leaving = world.any(holders);
        world.in(world.between(1_000, 2_000), () -> simulation.leave(leaving, 1_500, 3_000));
    }

    private List<SimNode> nodes(int row, boolean holders) {
        return simulation.nodes().stream()
                .filter(node -> node.mayHold(row) == holders)
                .toList();
    }

    private void hearLate(SimNode node) {
        long nanos = world.between(2_300, 3_000);
        simulation.etcd.slowTopology(node, nanos);
        world.in(nanos - 30 * SimWorld.MILLIS, () -> node.cutFromPeers(world.between(100, 600)));
    }

    private void replace(SimNode node) {
        simulation.replace(node);
        SimNode next = simulation.node(node.name);
        if (next != null) {
            next.cutFromPeers(world.between(1_300, 2_000));
        }
    }
}
