package io.sluice.cluster;

/**
 * No answer from memory is older than a change whose Remove was done for good: nothing is lost by a holder that was
 * overlooked, came back, or missed the news.
 */
class NoStaleHit implements SimInvariant {
    private final SimCluster cluster;

    NoStaleHit(SimCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void answeredFromMemory(SimNode node, int key, long stamp) {
        long settled = cluster.pipeline.settled(key);
        require(
                stamp >= settled,
                () -> node.asMember() + " answered key " + key + " as of " + stamp + ", but the change " + settled
                        + " is done");
    }
}
