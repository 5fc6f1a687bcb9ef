package io.sluice.node.hot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SpaceSavingTest {
    @Test
    void countsExactlyWhileThereAreCountersForAll() {
        SpaceSaving<String> counts = new SpaceSaving<>(2);
        counts.add("a", 1);

        assertThat(counts.add("b", 1)).isEqualTo(1);
        assertThat(counts.add("a", 2)).isEqualTo(3);
    }

    @Test
    void newcomerTakesTheLeastCounterAndIsCertainOfItsOwnCountOnly() {
        SpaceSaving<String> counts = new SpaceSaving<>(2);
        counts.add("a", 10);
        counts.add("b", 5);

        assertThat(counts.add("c", 1)).isEqualTo(1);
        assertThat(counts.add("a", 1)).as("the greater one stays").isEqualTo(11);
        assertThat(counts.add("b", 1)).as("has to begin anew").isEqualTo(1);
        assertThat(counts.size()).isEqualTo(2);
    }

    @Test
    void halvingAgesCountsAndForgetsWhatIsRare() {
        SpaceSaving<String> counts = new SpaceSaving<>(4);
        counts.add("a", 10);
        counts.add("b", 1);
        counts.halve();

        assertThat(counts.size()).isEqualTo(1);
        assertThat(counts.add("a", 1)).isEqualTo(6);
    }

    /** What the paper proves, against exact counts: never more than it was, and no frequent key is missed. */
    @Test
    void certainCountIsNeverTooHighAndEveryFrequentKeyIsFound() {
        int keys = 5_000;
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            SpaceSaving<Integer> counts = new SpaceSaving<>(64);
            Map<Integer, Long> exact = new HashMap<>();
            int stream = 50_000;
            for (int i = 0; i < stream; i++) {
                // A tenth of the stream is one of five keys, the rest is spread.
                int key = random.nextInt(10) == 0 ? random.nextInt(5) : random.nextInt(keys);
                long certain = counts.add(key, 1);
                long truth = exact.merge(key, 1L, Long::sum);
                assertThat(certain).isBetween(1L, truth);
            }
            for (int key = 0; key < 5; key++) {
                long certain = counts.add(key, 1);
                long truth = exact.merge(key, 1L, Long::sum);
                assertThat(certain)
                        .as("seed %d", seed)
                        .isGreaterThan(truth - stream / 64)
                        .isGreaterThan(100);
            }
            assertThat(counts.size()).isEqualTo(64);
        }
    }

    @Test
    void needsACounter() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SpaceSaving<String>(0));
    }
}
