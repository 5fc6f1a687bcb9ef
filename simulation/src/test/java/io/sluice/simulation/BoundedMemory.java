package io.sluice.simulation;

/** Stores stay within their capacity, and what waits in sync instances within the limits of the flow. */
final class BoundedMemory implements Invariant {
    private final Simulation simulation;

    BoundedMemory(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public void stepped() {
        for (SimNode node : simulation.nodes()) {
            require(node.storedBytes() <= SimNode.CAPACITY, () -> node + " holds more than its capacity");
            require(
                    node.reads().underWay() <= Simulation.MOST_READS,
                    () -> node + " has " + node.reads().underWay() + " reads under way");
        }
        for (SimSync sync : simulation.syncs()) {
            require(sync.inFlight() <= 2_000, () -> sync.name + " has " + sync.inFlight() + " removals in flight");
        }
    }
}
