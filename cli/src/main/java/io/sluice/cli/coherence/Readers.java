package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import io.sluice.cluster.Member;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every way to ask the cluster as it is now: each member, batches of the ring or of a node, and a near cache.
 * Thread-safe.
 */
final class Readers {
    private final SluiceClient client;
    private final ReadOptions options;
    private final Map<String, Reader> nodes = new ConcurrentHashMap<>();
    private final List<BatchReader.Asked> batchesOf;
    private final Reader batch;
    private final Reader near;

    Readers(CoherenceScene scene, ReadOptions options) {
        this.client = scene.client();
        this.options = requireNonNull(options, "options is null");
        this.batchesOf = scene.batchesOf();
        this.batch = new BatchReader(batchesOf, options);
        this.near = new NearReader(scene.near(), options);
    }

    /** A member that comes back is asked by the same reader as before. */
    List<Reader> all() {
        List<Reader> all = new ArrayList<>(members());
        all.add(batch);
        all.add(near);
        return all;
    }

    /** The same with a reader of its own for each of whom batches are asked: for all keys by all ways. */
    List<Reader> each() {
        List<Reader> each = new ArrayList<>(members());
        batchesOf.forEach(asked -> each.add(new BatchReader(List.of(asked), options)));
        each.add(near);
        return each;
    }

    /** A name with two lives in different rings is asked once: whoever answers to it is asked. */
    private Set<Reader> members() {
        Set<Reader> members = new LinkedHashSet<>();
        for (Member member : client.topology().members()) {
            members.add(nodes.computeIfAbsent(member.name(), name -> new NodeReader(client, name, options)));
        }
        return members;
    }
}
