package io.sluice.cluster;

/** No node keeps a value while a sync instance that commits Removes does not count it among those that must forget. */
final class NoUnseenHolder implements SimInvariant {
    private final SimCluster cluster;

    NoUnseenHolder(SimCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void stored(SimNode node, int key) {
        for (SimSync sync : cluster.syncs()) {
            require(
                    !sync.commits()
                            || sync.adopted()
                                    .removalHolders(cluster.pipeline.hash(key))
                                    .contains(node.asMember()),
                    () -> node.asMember() + " stored a key, unseen by " + sync.name + " at " + sync.adopted());
        }
    }
}
