package io.sluice.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MomentTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Moment moment = new Moment(Long.MAX_VALUE - 5, 10_000);

    @Test
    void isAsLongAgoAsTheClockSaysThatSaysMore() {
        assertThat(moment.agoNanos(Long.MAX_VALUE - 5 + SECOND, 10_400)).isEqualTo(SECOND);
        assertThat(moment.agoNanos(Long.MAX_VALUE, 13_000)).isEqualTo(3 * SECOND);
    }

    @Test
    void aClockThatWasSetBackTakesNothingAway() {
        assertThat(moment.agoNanos(new Moment(Long.MAX_VALUE - 5 + SECOND, 4_000)))
                .isEqualTo(SECOND);
        assertThat(moment.agoNanos(Long.MAX_VALUE - 5, 4_000)).isZero();
    }

    @Test
    void theEarlierOfTwoIsSoByEachClock() {
        Moment other = new Moment(moment.nanos() + 10, 9_000);
        assertThat(moment.orEarlier(other)).isEqualTo(new Moment(moment.nanos(), 9_000));
        assertThat(other.orEarlier(moment)).isEqualTo(new Moment(moment.nanos(), 9_000));
        assertThat(other.isAfter(moment)).isTrue();
    }
}
