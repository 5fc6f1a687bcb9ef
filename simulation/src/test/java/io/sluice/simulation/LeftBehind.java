package io.sluice.simulation;

import io.sluice.cluster.SimWorld;
import java.util.List;

/**
 * A sync instance that consumes on without its registration, while a ring becomes active without it:
 *
 * <ol>
 *   <li>it has the partition of the hot row, and is cut off from etcd, not from the nodes nor from Kafka; its lease
 *       ends
 *   <li>a holder of the row leaves; nobody waits for that instance, and another node holds the row from now on
 *   <li>the holders hear of it late, and the new one cannot speak to the instance for a moment: so nobody tells it
 *   <li>the row changes; one holder does not answer for a moment, then the instance takes the change for done
 *   <li>it tells the new holder so, which has loaded the row before it changed
 * </ol>
 */
final class LeftBehind {
    /** Until the instance has the partition, and may tell nodes of it. */
    private static final long ASSIGNED_NANOS = 300 * SimWorld.MILLIS;

    /** For so long the new holder speaks to nobody, while it hears that it is one. */
    private static final long HEARD_NANOS = 150 * SimWorld.MILLIS;

    private final Simulation simulation;
    private final SimWorld world;
    private boolean struck;

    LeftBehind(Simulation simulation) {
        this.simulation = simulation;
        this.world = simulation.world;
    }

    /** From the first time until the end: nothing else is done to the parties. */
    boolean underWay() {
        return struck;
    }

    /**
     * Once in a run.
     *
     * @param replaced whether the new holder is another process by then, that the instance takes for the one before
     */
    void strike(boolean replaced) {
        int row = simulation.traffic.hotRow();
        List<SimNode> holders = nodes(row, true);
        List<SimNode> others = nodes(row, false);
        List<SimSync> able = simulation.syncs().stream()
                .filter(sync -> sync.consumes() && sync.sendsTo(others))
                .toList();
        if (struck || holders.size() < 2 || others.isEmpty() || able.isEmpty()) {
            return;
        }
        struck = true;
        SimSync left = world.any(able);
        simulation.kafka.assign(row, left);
        world.in(ASSIGNED_NANOS, () -> leaveBehind(left, holders, others, replaced));
    }

    private void leaveBehind(SimSync left, List<SimNode> holders, List<SimNode> others, boolean replaced) {
        simulation.note(left.name + " is left behind");
        left.cutFromEtcd(world.between(4_000, 5_500));
        holders.forEach(node -> simulation.etcd.slowTopology(node, world.between(4_000, 5_000)));
        SimNode leaving = world.any(holders);
        world.in(world.between(1_000, 2_000), () -> simulation.leave(leaving, 1_500, 3_000));
        long heardNanos = world.between(2_300, 3_000);
        SimNode silent = world.any(holders);
        world.in(heardNanos, () -> silent.cutFromPeers(world.between(200, 500)));
        others.forEach(node -> {
            if (replaced) {
                long startsNanos = world.between(700, 1_200);
                world.in(startsNanos, () -> replace(node, heardNanos - startsNanos));
            } else {
                simulation.etcd.slowTopology(node, heardNanos);
                world.in(heardNanos - HEARD_NANOS / 2, () -> node.cutFromPeers(HEARD_NANOS));
            }
        });
    }

    private void replace(SimNode node, long silentNanos) {
        if (node.equals(simulation.node(node.name))) {
            simulation.restart(node).cutFromPeers(silentNanos + HEARD_NANOS / 2);
        }
    }

    private List<SimNode> nodes(int row, boolean holders) {
        return simulation.nodes().stream()
                .filter(node -> node.mayHold(row) == holders)
                .toList();
    }
}
