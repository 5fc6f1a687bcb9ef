package io.sluice.cluster;

/** Whoever answers from memory is counted, as this life of it, among those that the Removes of the key must reach. */
final class NoUncountedAnswer implements SimInvariant {
    private final SimCluster cluster;

    NoUncountedAnswer(SimCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void answeredFromMemory(SimNode node, int key, long stamp) {
        require(
                cluster.written().removalHolders(cluster.pipeline.hash(key)).contains(node.asMember()),
                () -> node.asMember() + " answered from memory, but " + cluster.written()
                        + " does not count it among the holders");
    }
}
