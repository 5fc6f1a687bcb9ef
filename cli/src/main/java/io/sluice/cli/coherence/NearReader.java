package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Path;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import java.util.List;

/** Asks a client with a near cache, whether it has a copy or asks the owner. Thread-safe. */
final class NearReader implements Reader {
    private static final String ASKED = "a near cache";

    private final SluiceClient near;
    private final ReadOptions options;

    NearReader(SluiceClient near, ReadOptions options) {
        this.near = requireNonNull(near, "near is null");
        this.options = requireNonNull(options, "options is null");
    }

    @Override
    public void read(List<RowKey> keys, Sink sink) {
        for (RowKey key : keys) {
            long begin = System.nanoTime();
            var _ = near.getAsync(key.group(), key.key(), options).whenComplete((answer, failure) -> {
                if (failure == null) {
                    sink.answered(new Reading(key, Path.NEAR, ASKED, begin, answer));
                } else {
                    sink.failed(key, failure);
                }
            });
        }
    }
}
