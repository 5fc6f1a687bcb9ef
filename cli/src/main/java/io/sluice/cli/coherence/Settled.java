package io.sluice.cli.coherence;

import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.cli.faults.Patience;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What every reader answers for every key beside what MySQL has, while nobody writes. Immutable.
 *
 * @param compared which answers came
 * @param fromMemory of them, those from the memory of some node: only they can be stale
 * @param stale those that differ from MySQL, or did not come, with a line for each
 */
record Settled(Set<Place> compared, Set<Place> fromMemory, Map<Place, String> stale) {
    /** Of nothing. */
    static final Settled NOTHING = new Settled(Set.of(), Set.of(), Map.of());

    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(20));
    private static final int AT_ONCE = 100;

    /**
     * A key by one way of asking for it.
     *
     * @param reader by its number
     */
    record Place(int reader, RowKey key) {}

    Settled {
        compared = Set.copyOf(compared);
        fromMemory = Set.copyOf(fromMemory);
        stale = Map.copyOf(stale);
    }

    /** What came of both, each key and way counted once: what is stale in one of them is stale. */
    Settled and(Settled other) {
        Map<Place, String> all = new HashMap<>(other.stale);
        all.putAll(stale);
        return new Settled(union(compared, other.compared), union(fromMemory, other.fromMemory), all);
    }

    private static Set<Place> union(Set<Place> one, Set<Place> other) {
        Set<Place> union = new HashSet<>(one);
        union.addAll(other);
        return union;
    }

    /** Reads every key by every reader, a cached one as it is cached now. */
    static Settled of(CoherenceScene scene) throws SQLException {
        Comparison comparison = new Comparison(scene.rows().source());
        List<RowKey> keys = VersionedRows.keys();
        List<Reader> readers = new Readers(scene, PATIENT).each();
        for (int i = 0; i < readers.size(); i++) {
            Reader.Sink sink = comparison.of(i);
            for (int from = 0; from < keys.size(); from += AT_ONCE) {
                List<RowKey> some = keys.subList(from, Math.min(from + AT_ONCE, keys.size()));
                comparison.waiting.addAndGet(some.size());
                readers.get(i).read(some, sink);
                Patience.await("answers of all nodes", () -> comparison.waiting.get() == 0);
            }
        }
        return new Settled(comparison.compared, comparison.fromMemory, comparison.stale);
    }

    /** Collects what network threads bring. Thread-safe. */
    private static final class Comparison {
        private final Map<RowKey, String> source;
        private final AtomicInteger waiting = new AtomicInteger();
        private final Set<Place> compared = ConcurrentHashMap.newKeySet();
        private final Set<Place> fromMemory = ConcurrentHashMap.newKeySet();
        private final Map<Place, String> stale = new ConcurrentHashMap<>();

        Comparison(Map<RowKey, String> source) {
            this.source = source;
        }

        Reader.Sink of(int reader) {
            return new Reader.Sink() {
                @Override
                public void answered(Reading reading) {
                    take(new Place(reader, reading.key()), reading);
                    waiting.decrementAndGet();
                }

                @Override
                public void failed(RowKey key, Throwable failure) {
                    stale.put(new Place(reader, key), key + " was not answered: " + failure);
                    waiting.decrementAndGet();
                }
            };
        }

        private void take(Place place, Reading reading) {
            compared.add(place);
            Answer answer = reading.answer();
            if (answer.servedFrom() != ServedFrom.SOURCE) {
                fromMemory.add(place);
            }
            if (!answer.text().equals(Optional.ofNullable(source.get(reading.key())))) {
                stale.put(place, reading + "; MySQL has " + source.get(reading.key()));
            }
        }
    }
}
