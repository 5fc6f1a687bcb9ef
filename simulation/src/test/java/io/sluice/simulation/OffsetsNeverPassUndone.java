package io.sluice.simulation;

/**
 * Nobody who may answer a key from memory has missed a Remove of it whose offset is committed. Whoever has no lease and
 * goes on within {@code unleased-staleness} may have: what it answers is judged by {@link NoStaleAnswer} and
 * {@link HonestBound}.
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
                            !node.holdsUnderLease(passed.key) || node.heard().of(passed),
                            () -> node + " may hold key " + passed.key + " and has not heard of change "
                                    + passed.sequence + ", whose offset is committed");
                }
            }
        }
    }
}
