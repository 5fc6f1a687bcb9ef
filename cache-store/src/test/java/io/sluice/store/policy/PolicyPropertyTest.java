package io.sluice.store.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Every policy, on any requests, against its plain model and for its structure after each operation. */
final class PolicyPropertyTest {
    private static final int TRIES = 600;
    private static final int STEPS = 400;

    /** A stretch of requests: of some keys more than of others, or of all in turn. */
    record Stretch(boolean inTurn, int first, List<Integer> drawn) {
        long key(int step, int keys) {
            return inTurn ? (first + step) % keys : (long) (keys * Math.pow(drawn.get(step) / 1_000.0, 2));
        }

        int length() {
            return drawn.size();
        }
    }

    @Provide
    Arbitrary<List<Stretch>> stretches() {
        Arbitrary<List<Integer>> drawn =
                Arbitraries.integers().between(0, 999).withoutEdgeCases().list().ofSize(STEPS / 4);
        return Combinators.combine(
                        Arbitraries.of(true, false), Arbitraries.integers().between(0, 100), drawn)
                .as(Stretch::new)
                .withoutEdgeCases()
                .list()
                .ofSize(4);
    }

    @Property(tries = TRIES)
    void holdsExactlyWhatThePlainModelHolds(
            @ForAll PolicyKind kind,
            @ForAll("stretches") List<Stretch> stretches,
            @ForAll @IntRange(min = 1, max = 30) int capacity,
            @ForAll @IntRange(min = 2, max = 90) int keys) {
        PolicyCache cache = new PolicyCache(kind, capacity);
        PlainModel model = model(kind, capacity);
        for (Stretch stretch : stretches) {
            for (int step = 0; step < stretch.length(); step++) {
                long key = stretch.key(step, keys);
                boolean hit = cache.request(key, 1);
                assertThat(hit).isEqualTo(model.request(key));
                assertThat(cache.held.keySet()).isEqualTo(model.held());
                Statistics.collect(hit ? "hit" : "miss");
            }
        }
        Statistics.coverage(seen -> {
            seen.check("hit").percentage(share -> share > 10);
            seen.check("miss").percentage(share -> share > 10);
        });
    }

    private static PlainModel model(PolicyKind kind, int capacity) {
        return switch (kind) {
            case LRU -> new PlainLru(capacity, true);
            case FIFO -> new PlainLru(capacity, false);
            case LFU -> new PlainLfu(capacity);
            case ARC -> new PlainArc(capacity);
            case S3_FIFO -> new PlainS3Fifo(capacity);
            case W_TINYLFU -> new PlainWTinyLfu(capacity);
        };
    }

    /** A call of a holder of entries with weights, which audits after each. */
    sealed interface Call {
        void on(PolicyCache cache);

        record Request(long key, int weight) implements Call {
            @Override
            public void on(PolicyCache cache) {
                cache.request(key, weight);
            }
        }

        record Replace(long key, int weight) implements Call {
            @Override
            public void on(PolicyCache cache) {
                cache.replace(key, weight);
            }
        }

        record Remove(long key) implements Call {
            @Override
            public void on(PolicyCache cache) {
                cache.remove(key);
            }
        }

        record Resize(int capacity) implements Call {
            @Override
            public void on(PolicyCache cache) {
                cache.resize(capacity);
            }
        }
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        Arbitrary<Long> keys = Arbitraries.longs().between(0, 39);
        Arbitrary<Integer> weights = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(1, 20)),
                Tuple.of(1, Arbitraries.integers().between(1, 200)));
        Arbitrary<Call> requests = Combinators.combine(keys, weights).as(Call.Request::new);
        Arbitrary<Call> replacements = Combinators.combine(keys, weights).as(Call.Replace::new);
        return Arbitraries.<Call>frequencyOf(
                        Tuple.of(15, requests),
                        Tuple.of(2, replacements),
                        Tuple.of(2, keys.map(Call.Remove::new)),
                        Tuple.of(1, Arbitraries.integers().between(0, 199).map(Call.Resize::new)))
                .withoutEdgeCases()
                .list()
                .ofSize(STEPS);
    }

    @Property(tries = TRIES)
    void staysWholeWithAnyWeightsReplacementsRemovalsAndSizes(
            @ForAll PolicyKind kind, @ForAll("calls") List<Call> calls, @ForAll @IntRange(max = 199) int capacity) {
        PolicyCache cache = new PolicyCache(kind, capacity);
        calls.forEach(call -> call.on(cache));
        int left = cache.held.size();
        while (cache.evictOne()) {
            left--;
        }
        assertThat(left).isZero();
        assertThat(cache.held).isEmpty();
    }

    @Example
    void evictsUntilNothingIsLeftAndThenSaysSo() {
        for (PolicyKind kind : PolicyKind.values()) {
            PolicyCache cache = new PolicyCache(kind, 1_000);
            for (int key = 0; key < 50; key++) {
                for (int use = 0; use <= key % 7; use++) {
                    cache.request(key, 1 + key % 5);
                }
            }
            for (int left = 50; left > 0; left--) {
                assertThat(cache.held).hasSize(left);
                assertThat(cache.evictOne()).isTrue();
            }
            assertThat(cache.evictOne()).isFalse();
        }
    }
}
