package io.sluice.store.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every policy, on random requests from seeds, against its plain model and for its structure after each operation. */
final class PolicyModelTest {
    private static final int SEEDS = 150;
    private static final int STEPS = 600;

    @ParameterizedTest
    @EnumSource
    void holdsExactlyWhatThePlainModelHolds(PolicyKind kind) {
        long hits = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int capacity = 1 + random.nextInt(30);
            int keys = 2 + random.nextInt(3 * capacity);
            PolicyCache cache = new PolicyCache(kind, capacity);
            PlainModel model = model(kind, capacity);
            for (int step = 0; step < STEPS; step++) {
                long key = step / 100 % 2 == 0 ? (long) (keys * Math.pow(random.nextDouble(), 2)) : step % keys;
                String at = kind + " seed " + seed + " step " + step;
                boolean hit = cache.request(key, 1);
                assertThat(hit).as(at).isEqualTo(model.request(key));
                assertThat(cache.held.keySet()).as(at).isEqualTo(model.held());
                hits += hit ? 1 : 0;
            }
        }
        assertThat(hits).isGreaterThan((long) SEEDS * STEPS / 10);
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

    @ParameterizedTest
    @EnumSource
    void staysWholeWithAnyWeightsReplacementsRemovalsAndSizes(PolicyKind kind) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int capacity = random.nextInt(200);
            PolicyCache cache = new PolicyCache(kind, capacity);
            for (int step = 0; step < STEPS; step++) {
                long key = random.nextInt(40);
                int weight = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 20);
                switch (random.nextInt(20)) {
                    case 0 -> cache.resize(random.nextInt(200));
                    case 1, 2 -> cache.remove(key);
                    case 3, 4 -> cache.replace(key, weight);
                    default -> cache.request(key, weight);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void evictsUntilNothingIsLeftAndThenSaysSo(PolicyKind kind) {
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
