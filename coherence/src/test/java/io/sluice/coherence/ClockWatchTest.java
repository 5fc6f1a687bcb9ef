package io.sluice.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ClockWatchTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final long LONG_AGO = SECOND - Duration.ofDays(36_500).toNanos();

    private final ClockWatch watch = new ClockWatch(new Moment(SECOND, 50_000));

    @Test
    void isSteadySinceLongAgoWhileBothClocksRunAlike() {
        assertThat(watch.steadySinceNanos(2 * SECOND, 51_000)).isEqualTo(LONG_AGO);
        assertThat(watch.steadySinceNanos(3_600 * SECOND, 3_649_001)).isEqualTo(LONG_AGO);
    }

    @Test
    void aSuspensionEndsWhatWasTimedBefore() {
        // For an hour; the monotonic clock stood still.
        assertThat(watch.steadySinceNanos(2 * SECOND, 3_651_000)).isEqualTo(2 * SECOND);
        assertThat(watch.steadySinceNanos(3 * SECOND, 3_652_000)).isEqualTo(2 * SECOND);
    }

    @Test
    void aWallClockThatIsSetBackEndsNothing() {
        assertThat(watch.steadySinceNanos(2 * SECOND, 11_000)).isEqualTo(LONG_AGO);
        assertThat(watch.steadySinceNanos(3 * SECOND, 12_000)).isEqualTo(LONG_AGO);
    }

    @Test
    void noticesASuspensionAfterTheWallClockWasSetBack() {
        watch.steadySinceNanos(2 * SECOND, 11_000);
        assertThat(watch.steadySinceNanos(3 * SECOND, 42_000)).isEqualTo(3 * SECOND);
    }

    @Test
    void followsAClockThatIsSlewed() {
        long nanos = SECOND;
        double wall = 50_000;
        for (int i = 0; i < 10_000; i++) {
            nanos += SECOND;
            wall += 1_000.5;
            watch.steadySinceNanos(nanos, (long) wall);
        }
        assertThat(watch.steadySinceNanos(nanos, (long) wall)).isEqualTo(LONG_AGO);
    }
}
