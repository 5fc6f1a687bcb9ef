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
import java.util.stream.Collectors;

/** Asks for all keys of a group at once, each of its owner. Thread-safe. */
final class BatchReader implements Reader {
    private static final String ASKED = "the ring";

    private final SluiceClient client;
    private final ReadOptions options;

    BatchReader(SluiceClient client, ReadOptions options) {
        this.client = requireNonNull(client, "client is null");
        this.options = requireNonNull(options, "options is null");
    }

    @Override
    public void read(List<RowKey> keys, Sink sink) {
        Map<String, List<RowKey>> groups = keys.stream().collect(Collectors.groupingBy(RowKey::group));
        groups.forEach((group, some) -> readGroup(group, some, sink));
    }

    private void readGroup(String group, List<RowKey> keys, Sink sink) {
        long begin = System.nanoTime();
        var _ = client.getManyAsync(group, keys.stream().map(RowKey::key).toList(), options)
                .whenComplete((outcomes, failure) -> {
                    for (int i = 0; i < keys.size(); i++) {
                        if (failure != null) {
                            sink.failed(keys.get(i), failure);
                        } else {
                            tell(keys.get(i), begin, outcomes.get(i), sink);
                        }
                    }
                });
    }

    private static void tell(RowKey key, long begin, KeyOutcome outcome, Sink sink) {
        switch (outcome) {
            case KeyOutcome.Answered(var answer) -> sink.answered(new Reading(key, Path.BATCH, ASKED, begin, answer));
            case KeyOutcome.Failed(var failure) -> sink.failed(key, failure);
        }
    }
}
