package io.sluice.cli.coherence;

import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.cli.faults.Patience;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What every reader answers for every key beside what MySQL has, while nobody writes. Immutable.
 *
 * @param compared how many answers
 * @param fromMemory of them, answers from the memory of some node: only they can be stale
 * @param stale answers that differ from MySQL, or did not come: a line for each
 */
record Settled(int compared, int fromMemory, List<String> stale) {
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(20));
    private static final int AT_ONCE = 100;

    Settled {
        stale = List.copyOf(stale);
    }

    /** Reads every key by every reader, a cached one as it is cached now. */
    static Settled of(CoherenceScene scene) throws SQLException {
        Comparison comparison = new Comparison(scene.rows().source());
        List<RowKey> keys = VersionedRows.keys();
        for (Reader reader : new Readers(scene, PATIENT).each()) {
            for (int from = 0; from < keys.size(); from += AT_ONCE) {
                List<RowKey> some = keys.subList(from, Math.min(from + AT_ONCE, keys.size()));
                comparison.waiting.addAndGet(some.size());
                reader.read(some, comparison);
                Patience.await("answers of all nodes", () -> comparison.waiting.get() == 0);
            }
        }
        return new Settled(comparison.compared.get(), comparison.fromMemory.get(), List.copyOf(comparison.stale));
    }

    /** Collects what network threads bring. Thread-safe. */
    private static final class Comparison implements Reader.Sink {
        private final Map<RowKey, String> source;
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger compared = new AtomicInteger();
        private final AtomicInteger fromMemory = new AtomicInteger();
        private final Queue<String> stale = new ConcurrentLinkedQueue<>();

        Comparison(Map<RowKey, String> source) {
            this.source = source;
        }

        @Override
        public void answered(Reading reading) {
            compared.incrementAndGet();
            Answer answer = reading.answer();
            if (answer.servedFrom() != ServedFrom.SOURCE) {
                fromMemory.incrementAndGet();
            }
            if (!answer.text().equals(Optional.ofNullable(source.get(reading.key())))) {
                stale.add(reading + "; MySQL has " + source.get(reading.key()));
            }
            waiting.decrementAndGet();
        }

        @Override
        public void failed(RowKey key, Throwable failure) {
            stale.add(key + " was not answered: " + failure);
            waiting.decrementAndGet();
        }
    }
}
