package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import io.sluice.cluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every way to ask the cluster as it is now: each member, and batches. Thread-safe. */
final class Readers {
    private final SluiceClient client;
    private final ReadOptions options;
    private final Map<String, Reader> nodes = new ConcurrentHashMap<>();
    private final Reader batch;

    Readers(SluiceClient client, ReadOptions options) {
        this.client = requireNonNull(client, "client is null");
        this.options = requireNonNull(options, "options is null");
        this.batch = new BatchReader(client, options);
    }

    /** A member that comes back is asked by the same reader as before. */
    List<Reader> all() {
        List<Reader> all = new ArrayList<>();
        for (Member member : client.topology().members()) {
            all.add(nodes.computeIfAbsent(member.name(), name -> new NodeReader(client, name, options)));
        }
        all.add(batch);
        return all;
    }
}
