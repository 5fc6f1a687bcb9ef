package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Path;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.client.KeyOutcome;
import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Asks for all keys of a group at once: by turns every owner for its own, as a client does that knows the ring, and one
 * of the nodes for all of them, which sorts them by owner and forwards. Thread-safe.
 */
final class BatchReader implements Reader {
    private final List<Asked> all;
    private final ReadOptions options;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * Who is asked.
     *
     * @param name of the node, or of the ring
     * @param client asks it, whatever the key
     */
    record Asked(String name, SluiceClient client) {
        Asked {
            requireNonNull(name, "name is null");
            requireNonNull(client, "client is null");
        }
    }

    BatchReader(List<Asked> all, ReadOptions options) {
        this.all = List.copyOf(all);
        this.options = requireNonNull(options, "options is null");
    }

    @Override
    public void read(List<RowKey> keys, Sink sink) {
        Asked asked = all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
        Map<String, List<RowKey>> groups = keys.stream().collect(Collectors.groupingBy(RowKey::group));
        groups.forEach((group, some) -> readGroup(asked, group, some, sink));
    }

    private void readGroup(Asked asked, String group, List<RowKey> keys, Sink sink) {
        long begin = System.nanoTime();
        var _ = asked.client()
                .getManyAsync(group, keys.stream().map(RowKey::key).toList(), options)
                .whenComplete((outcomes, failure) -> {
                    for (int i = 0; i < keys.size(); i++) {
                        if (failure != null) {
                            sink.failed(keys.get(i), failure);
                        } else {
                            tell(asked, keys.get(i), begin, outcomes.get(i), sink);
                        }
                    }
                });
    }

    private static void tell(Asked asked, RowKey key, long begin, KeyOutcome outcome, Sink sink) {
        switch (outcome) {
            case KeyOutcome.Answered(var answer) ->
                sink.answered(new Reading(key, Path.BATCH, asked.name(), begin, answer));
            case KeyOutcome.Failed(var failure) -> sink.failed(key, failure);
        }
    }
}
