package io.sluice.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RequestsTest {
    private static int[] counts(Requests requests, int keys) {
        int[] counts = new int[keys];
        for (int i = 0; i < requests.length(); i++) {
            counts[requests.next()]++;
        }
        return counts;
    }

    @Test
    void uniformAsksForEveryKeyAboutAsOften() {
        assertThat(Arrays.stream(counts(Requests.uniform(100, 1), 100)))
                .allMatch(count -> count > 1_100 && count < 1_600);
    }

    @Test
    void zipfAsksForTheNthKeyInProportionToItsRank() {
        int[] counts = counts(Requests.zipf(1_000, 1), 1_000);
        int[] falling = Arrays.stream(counts)
                .map(count -> -count)
                .sorted()
                .map(count -> -count)
                .toArray();
        double first = falling[0];
        assertThat(first / falling[9]).isBetween(8.5, 11.5);
        assertThat(first / falling[99]).isBetween(75.0, 120.0);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(1 << 17);
    }

    @Test
    void zipfHasTheSamePopularKeysForEveryThread() {
        int[] one = counts(Requests.zipf(1_000, 1), 1_000);
        int[] other = counts(Requests.zipf(1_000, 2), 1_000);
        int popular = IntStream.range(0, 1_000).reduce(0, (a, b) -> one[a] > one[b] ? a : b);
        assertThat(other[popular]).isGreaterThan(one[popular] * 9 / 10);
    }

    @Test
    void threadsThatTakeKeysInTurnShareThemAll() {
        int[] counts = counts(Requests.everyKeyInTurn(100, 0, 2), 100);
        int[] others = counts(Requests.everyKeyInTurn(100, 1, 2), 100);
        for (int key = 0; key < 100; key++) {
            assertThat(counts[key] + others[key]).isEqualTo(1);
        }
    }
}
