package io.sluice.bench.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RingSpreadTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void aChangeMovesHardlyMoreThanItMust(int nodes) {
        RingSpread spread = RingSpread.of(nodes);
        assertThat((double) spread.movedOnJoin()).isBetween(least(nodes + 1) * 0.9, least(nodes + 1) * 1.1);
        assertThat((double) spread.movedOnLeave()).isBetween(least(nodes), least(nodes) * 1.1);
    }

    /** The share of one of so many. */
    private static double least(int nodes) {
        return (double) RingSpread.KEYS / nodes;
    }

    @Test
    void everyKeyIsCountedOnceAndTheLeaverLosesWhatItHad() {
        RingSpread spread = RingSpread.of(10);
        assertThat(spread.keysOfEach()).hasSize(10);
        assertThat(spread.keysOfEach().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(RingSpread.KEYS);
        assertThat(spread.keysOfEach()).contains(spread.movedOnLeave());
        assertThat(spread.maxOverMean()).isBetween(1.0, 1.10);
        assertThat(spread.minOverMean()).isBetween(0.90, 1.0);
    }

    @Test
    void theOnlyNodeHasAllAndLeavesAll() {
        RingSpread spread = RingSpread.of(1);
        assertThat(spread.keysOfEach()).containsExactly(RingSpread.KEYS);
        assertThat(spread.movedOnLeave()).isEqualTo(RingSpread.KEYS);
    }

    @Test
    void absurdNumbersAreRefused() {
        assertThatThrownBy(() -> RingSpread.of(0)).hasMessage("0 nodes to simulate: give 1 to 1000");
        assertThatThrownBy(() -> RingSpread.of(1_001)).hasMessageContaining("give 1 to 1000");
    }
}
