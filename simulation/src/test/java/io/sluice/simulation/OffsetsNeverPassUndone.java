package io.sluice.simulation;

/**
 * Nobody who may answer a key from memory has missed a Remove of it whose offset is committed. One without a lease is
 * counted gone, and what it may answer for a while all the same is held to its bound, by {@link NoStaleAnswer}.
 */
final class OffsetsNeverPassUndone implements Invariant {
    private final Simulation simulation;

    OffsetsNeverPassUndone(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public void committed(int partition, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            Transaction passed = simulation.kafka.record(partition, offset).transaction();
            if (passed.heartbeat == null && !passed.lost) {
                for (SimNode node : simulation.nodes()) {
                    require(
                            !node.isSureHolder(passed.key) || node.heard().of(passed),
                            () -> node + " may hold key " + passed.key + " and has not heard of change "
                                    + passed.sequence + ", whose offset is committed");
                }
            }
        }
    }
}
