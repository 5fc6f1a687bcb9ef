package io.sluice.cli.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.coherence.judge.RowKey;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FollowTest {
    private static final long MILLI = 1_000_000;

    private final Reader one = (keys, sink) -> {};
    private final Reader other = (keys, sink) -> {};
    private final long start = System.nanoTime();
    private final Follow follow = new Follow(new RowKey("item", 1), start);

    @Test
    void aReaderAsksUntilItHasSeenTheChangeAndOnceMoreAfterASecond() {
        assertThat(asks(one, 0)).isTrue();
        assertThat(asks(one, 500)).as("it waits for its answer").isFalse();
        saw(one, true, 500);
        assertThat(asks(one, 501)).isFalse();
        assertThat(asks(one, 700)).isTrue();
        saw(one, false, 710);
        assertThat(asks(one, 999)).as("it has seen it").isFalse();
        assertThat(over(1_000)).isFalse();
        assertThat(asks(one, 1_002)).isTrue();
        saw(one, false, 1_003);
        assertThat(over(1_004)).as("the other has not looked").isFalse();
        assertThat(asks(other, 1_004)).isTrue();
        saw(other, false, 1_005);
        assertThat(over(1_006)).isTrue();
    }

    @Test
    void aReaderThatSeesTheOldVersionAfterASecondGoesOnUntilAllIsGivenUp() {
        assertThat(asks(one, 1_002)).isTrue();
        assertThat(asks(other, 1_002)).isTrue();
        saw(other, false, 1_003);
        saw(one, true, 1_003);
        assertThat(over(1_004)).isFalse();
        assertThat(asks(one, 2_000)).isTrue();
        saw(one, true, 2_000);
        assertThat(over(4_999)).isFalse();
        assertThat(over(5_001)).isTrue();
    }

    private boolean asks(Reader reader, long millis) {
        return follow.asks(reader, start + millis * MILLI);
    }

    private void saw(Reader reader, boolean outOfDate, long millis) {
        follow.saw(reader, outOfDate, start + millis * MILLI);
    }

    private boolean over(long millis) {
        return follow.over(List.of(one, other), start + millis * MILLI);
    }
}
