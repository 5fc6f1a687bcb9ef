package io.sluice.coherence;

import static io.sluice.coherence.Positions.upTo;
import static io.sluice.coherence.SourcePosition.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The orderings of the class doc of {@link Fence}, one test each. Times are in nanoseconds; the hold is 100. */
final class FenceTest {
    private static final long KEY = 7;
    private static final long OTHER = 8;
    private static final FenceLimits LIMITS = new FenceLimits(4, Duration.ofNanos(1_000), Duration.ofNanos(100));

    private final Fence fence = new Fence(LIMITS);

    @Test
    void admitsEverythingWhileNothingWasRemoved() {
        assertThat(admits(KEY, upTo(1), 0, 0)).isTrue();
        assertThat(admits(KEY, UNKNOWN, 0, 0)).isTrue();
    }

    @Test
    void refusesALateFill() {
        SourcePosition w = upTo(9);
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(KEY, w, 0, 500)).isFalse();
    }

    @Test
    void refusesALoadThatBeganAfterAnEarlyEventButReadBeforeTheChangeWasVisible() {
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(KEY, upTo(9), 900, 950)).isFalse();
    }

    @Test
    void admitsALoadWhoseStampCoversTheRemoveAtOnce() {
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(KEY, upTo(10), 50, 50)).isTrue();
        assertThat(admits(KEY, upTo(11), 10, 50)).isTrue();
    }

    @Test
    void refusesALateCopyLikeALoad() {
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(KEY, upTo(9), -1_000, 60)).isFalse();
        assertThat(admits(KEY, UNKNOWN, -1_000, 60)).isFalse();
    }

    @Test
    void aReplayedRemoveDoesNotLowerTheRecord() {
        fence.record(KEY, upTo(10), 50);
        fence.record(KEY, upTo(5), 60);
        assertThat(admits(KEY, upTo(9), 70, 80)).isFalse();
        assertThat(admits(KEY, upTo(10), 70, 80)).isTrue();
    }

    @Test
    void incomparableRemovesOfAKeyAreAllRemembered() {
        fence.record(KEY, SourcePosition.parse(Positions.A + ":1-5"), 50);
        fence.record(KEY, SourcePosition.parse(Positions.B + ":1-3"), 60);
        assertThat(admits(KEY, SourcePosition.parse(Positions.A + ":1-9"), 70, 80))
                .isFalse();
        assertThat(admits(KEY, SourcePosition.parse(Positions.B + ":1-9"), 70, 80))
                .isFalse();
        assertThat(admits(KEY, SourcePosition.parse(Positions.A + ":1-5," + Positions.B + ":1-3"), 70, 80))
                .isTrue();
    }

    @Test
    void aRemoveConcernsItsKeyOnly() {
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(OTHER, upTo(9), 0, 60)).isTrue();
    }

    @Test
    void overflowRaisesTheFloorBeforeItForgets() {
        fence.record(KEY, upTo(10), 50);
        for (int other = 100; other < 104; other++) {
            fence.record(other, upTo(3), 60);
        }
        assertThat(fence.size()).isEqualTo(4);
        assertThat(fence.floor().position()).isEqualTo(upTo(10));
        assertThat(admits(KEY, upTo(9), 0, 70)).isFalse();
        assertThat(admits(OTHER, upTo(9), 0, 70)).isFalse();
        assertThat(admits(KEY, upTo(10), 0, 70)).isTrue();
    }

    @Test
    void overflowForgetsTheKeyWhoseLastRemoveIsEldest() {
        for (int key = 0; key < 4; key++) {
            fence.record(key, upTo(10 + key), 50 + key);
        }
        fence.record(0, upTo(20), 60);
        fence.record(99, upTo(21), 61);
        assertThat(fence.floor().position()).isEqualTo(upTo(11));
    }

    @Test
    void ageRaisesTheFloorBeforeItForgets() {
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(OTHER, upTo(9), 0, 1_050)).isTrue();
        assertThat(fence.size()).isEqualTo(1);
        assertThat(admits(OTHER, upTo(9), 0, 1_051)).isFalse();
        assertThat(fence.size()).isZero();
        assertThat(admits(KEY, upTo(9), 0, 1_052)).isFalse();
        assertThat(admits(KEY, upTo(10), 0, 1_052)).isTrue();
    }

    @Test
    void largePositionsCountAgainstTheSizeOfTheFence() {
        StringBuilder gaps = new StringBuilder(Positions.A + ":1");
        for (int i = 2; i < 300; i++) {
            gaps.append(':').append(2 * i);
        }
        SourcePosition large = SourcePosition.parse(gaps.toString());
        fence.record(KEY, large, 50);
        assertThat(fence.size()).isZero();
        assertThat(admits(KEY, upTo(1), 0, 60)).isFalse();
        assertThat(admits(KEY, upTo(600), 0, 60)).isTrue();
    }

    @Test
    void withoutPositionALoadThatBeganBeforeTheRemoveIsRefusedForEver() {
        fence.record(KEY, UNKNOWN, 50);
        assertThat(admits(KEY, UNKNOWN, 49, 100_000)).isFalse();
        assertThat(admits(KEY, upTo(1_000), 49, 100_000)).isFalse();
    }

    @Test
    void withoutPositionALoadThatBeganWithinTheHoldIsRefusedEvenAfterIt() {
        fence.record(KEY, UNKNOWN, 50);
        assertThat(admits(KEY, UNKNOWN, 150, 900)).isFalse();
        assertThat(admits(KEY, upTo(1_000), 150, 900)).isFalse();
        assertThat(admits(KEY, UNKNOWN, 151, 900)).isTrue();
        assertThat(admits(KEY, upTo(1), 151, 900)).isTrue();
    }

    @Test
    void aLoadStartInTheFutureDoesNotGetPastTheHold() {
        fence.record(KEY, UNKNOWN, 50);
        assertThat(admits(KEY, UNKNOWN, 10_000, 60)).isFalse();
    }

    @Test
    void aValueWithoutStampIsHeldOffByARemoveWithPosition() {
        fence.record(KEY, upTo(10), 50);
        assertThat(admits(KEY, UNKNOWN, 150, 900)).isFalse();
        assertThat(admits(KEY, UNKNOWN, 151, 900)).isTrue();
    }

    @Test
    void aRemoveWithoutPositionDoesNotEraseTheOneWithPosition() {
        fence.record(KEY, upTo(10), 50);
        fence.record(KEY, UNKNOWN, 60);
        assertThat(admits(KEY, upTo(9), 161, 900)).isFalse();
        assertThat(admits(KEY, upTo(10), 160, 900)).isFalse();
        assertThat(admits(KEY, upTo(10), 161, 900)).isTrue();
    }

    @Test
    void theHoldOfAForgottenRemoveStaysInTheFloor() {
        fence.record(KEY, UNKNOWN, 50);
        for (int other = 100; other < 104; other++) {
            fence.record(other, upTo(3), 40);
        }
        assertThat(admits(KEY, upTo(10), 150, 900)).isFalse();
        assertThat(admits(KEY, UNKNOWN, 150, 900)).isFalse();
        assertThat(admits(KEY, UNKNOWN, 151, 900)).isTrue();
    }

    @Test
    void theGroupFloorCountsForEveryKey() {
        Barrier group = Barrier.of(upTo(10), 50).merge(Barrier.of(UNKNOWN, 60));
        assertThat(fence.admits(KEY, upTo(9), 500, 600, group)).isFalse();
        assertThat(fence.admits(KEY, upTo(10), 160, 600, group)).isFalse();
        assertThat(fence.admits(KEY, upTo(10), 161, 600, group)).isTrue();
    }

    @Test
    void aClockThatGoesBackwardsLetsNothingIn() {
        fence.record(KEY, UNKNOWN, 500);
        fence.record(KEY, UNKNOWN, 10);
        assertThat(admits(KEY, UNKNOWN, 400, 450)).isFalse();
        assertThat(admits(KEY, UNKNOWN, 601, 700)).isTrue();
    }

    @Test
    void aClockThatWrapsAroundIsNoJump() {
        fence.record(KEY, UNKNOWN, Long.MAX_VALUE - 10);
        assertThat(admits(KEY, UNKNOWN, Long.MAX_VALUE - 20, Long.MIN_VALUE + 500))
                .isFalse();
        assertThat(admits(KEY, UNKNOWN, Long.MIN_VALUE + 200, Long.MIN_VALUE + 500))
                .isTrue();
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new FenceLimits(0, second, second)).hasMessageContaining("maxRecords is 0");
        assertThatThrownBy(() -> new FenceLimits(1, second, Duration.ofNanos(-1)))
                .hasMessageContaining("hold PT-0.000000001S");
        assertThatThrownBy(() -> new FenceLimits(1, Duration.ofDays(2), second))
                .hasMessageContaining("maxAge is PT48H");
    }

    private boolean admits(long key, SourcePosition stamp, long loadStart, long now) {
        return fence.admits(key, stamp, loadStart, now, Barrier.NONE);
    }

    @Test
    void demandsNoPhantomsOfAnybody() {
        SourcePosition lost = SourcePosition.parse(Positions.B + ":7-8");
        Fence fence = new Fence(new FenceLimits(1, Duration.ofDays(1), Duration.ZERO));
        fence.record(1, upTo(5).union(lost), 0);
        fence.record(2, upTo(6).union(lost), 0);
        assertThat(fence.admits(1, upTo(9), 1, 1, Barrier.NONE)).isFalse();

        fence.exempt(lost);

        assertThat(fence.admits(1, upTo(5), 1, 1, Barrier.NONE)).isTrue();
        assertThat(fence.admits(2, upTo(6), 1, 1, Barrier.NONE)).isTrue();
        assertThat(fence.admits(1, upTo(4), 1, 1, Barrier.NONE)).isFalse();
        assertThat(fence.admits(2, upTo(5), 1, 1, Barrier.NONE)).isFalse();
    }
}
