package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Path;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.client.NodeClient;
import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import java.util.List;

/** Asks one node, whether it owns the key, is a replica, or forwards. Thread-safe. */
final class NodeReader implements Reader {
    private final SluiceClient ring;
    private final String node;
    private final NodeClient asked;
    private final ReadOptions options;

    NodeReader(SluiceClient ring, String node, ReadOptions options) {
        this(ring, node, ring.on(node), options);
    }

    /**
     * One that asks the node in a way of its own.
     *
     * @param ring knows who holds what
     */
    NodeReader(SluiceClient ring, String node, NodeClient asked, ReadOptions options) {
        this.ring = requireNonNull(ring, "ring is null");
        this.node = requireNonNull(node, "node is null");
        this.asked = requireNonNull(asked, "asked is null");
        this.options = requireNonNull(options, "options is null");
    }

    @Override
    public void read(List<RowKey> keys, Sink sink) {
        for (RowKey key : keys) {
            Path path = path(key);
            long begin = System.nanoTime();
            var _ = asked.getAsync(key.group(), key.key(), options).whenComplete((answer, failure) -> {
                if (failure == null) {
                    sink.answered(new Reading(key, path, node, begin, answer));
                } else {
                    sink.failed(key, failure);
                }
            });
        }
    }

    private Path path(RowKey key) {
        List<Member> holders = ring.topology().holders(KeyHash.of(key.group(), key.key()));
        for (int i = 0; i < holders.size(); i++) {
            if (holders.get(i).name().equals(node)) {
                return i == 0 ? Path.OWNER : Path.REPLICA;
            }
        }
        return Path.FORWARD;
    }
}
