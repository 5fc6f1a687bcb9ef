package io.sluice.simulation;

import io.sluice.cluster.SimWorld;
import java.util.ArrayList;
import java.util.List;

/**
 * Faults that take their time: several things that happen in one order. Nothing else is done to the parties meanwhile.
 */
final class Compounds {
    private static final String NEWCOMER = "n7";

    private final Simulation simulation;
    private final SimWorld world;
    private long underWayUntil;

    Compounds(Simulation simulation) {
        this.simulation = simulation;
        this.world = simulation.world;
    }

    boolean underWay() {
        return world.now() < underWayUntil;
    }

    private long takes(long millis) {
        underWayUntil = world.now() + millis * SimWorld.MILLIS;
        return millis * SimWorld.MILLIS;
    }

    /**
     * A node is restarted. A sync instance sees its key go, and is cut off from etcd for longer than it takes until its
     * registration is over and the node holds by a ring as another life; the other nodes do not hear of that ring.
     */
    void returnUnseen() {
        long nanos = takes(4_500);
        SimNode back = world.any(simulation.nodes());
        SimSync blind = world.any(simulation.syncs());
        List<SimNode> others = new ArrayList<>(simulation.nodes());
        others.remove(back);
        simulation.etcd.deafenToTopology(others);
        simulation.restart(back);
        simulation.note(back.name + " returns unseen by " + blind.name);
        world.in(world.between(10, 50), () -> blind.cutFromEtcd(nanos));
    }

    /** A node starts, and the others do not hear of its ring; nor, half the time, does a sync instance. */
    void startUnheard() {
        takes(2_500);
        simulation.note("who is there does not hear of the next ring");
        simulation.etcd.deafenToTopology(simulation.nodes());
        if (world.chance(0.5)) {
            SimSync deaf = world.any(simulation.syncs());
            simulation.note("nor does " + deaf.name);
            simulation.etcd.deafenToTopology(List.of(deaf));
        }
        simulation.startNode(NEWCOMER);
    }

    /** A node starts, and leaves when the ring of before it is gone. */
    void passThrough() {
        takes(3_500);
        simulation.startNode(NEWCOMER);
        world.in(world.between(1_200, 2_000), () -> {
            SimNode passing = simulation.node(NEWCOMER);
            if (passing != null) {
                simulation.leave(passing);
            }
        });
    }
}
