package io.sluice.cluster;

import java.util.HashMap;
import java.util.Map;

/**
 * A node that stopped being a holder of a key, in all rings of the document, never again answers with the value from
 * before: a key that moves A, B, A brings nothing back.
 */
final class NoBoomerang implements SimInvariant {
    private final SimCluster cluster;
    private final Map<String, Map<Integer, Long>> storedAt = new HashMap<>();
    private final Map<String, Map<Integer, Long>> expelledAt = new HashMap<>();

    NoBoomerang(SimCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void wrote(TopologyDocument document) {
        Topology topology = cluster.written();
        for (SimNode node : cluster.nodes()) {
            for (int key = 0; key < SimPipeline.KEYS; key++) {
                if (!topology.removalHolders(cluster.pipeline.hash(key)).contains(node.asMember())) {
                    expelledAt
                            .computeIfAbsent(node.name, name -> new HashMap<>())
                            .put(key, cluster.world.now());
                }
            }
        }
    }

    @Override
    public void stored(SimNode node, int key) {
        storedAt.computeIfAbsent(node.name, name -> new HashMap<>()).put(key, cluster.world.now());
    }

    @Override
    public void answeredFromMemory(SimNode node, int key, long stamp) {
        long stored = storedAt.getOrDefault(node.name, Map.of()).getOrDefault(key, 0L);
        long expelled = expelledAt.getOrDefault(node.name, Map.of()).getOrDefault(key, -1L);
        require(stored > expelled, () -> node.asMember() + " answered with a value from before it was no holder");
    }
}
