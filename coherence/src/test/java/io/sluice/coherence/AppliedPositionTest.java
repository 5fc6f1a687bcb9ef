package io.sluice.coherence;

import static io.sluice.coherence.Positions.B;
import static io.sluice.coherence.Positions.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.AppliedPosition.Partition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AppliedPositionTest {
    private static final SourcePosition NONE = SourcePosition.UNKNOWN;
    private static final Partition FIRST = new Partition("changes", 0);
    private static final Partition SECOND = new Partition("changes", 1);

    private final AppliedPosition applied = new AppliedPosition();

    @Test
    void isUnknownUntilEveryPartitionWasHeardOf() {
        applied.passed(FIRST, 2, upTo(9), NONE, at(1));
        assertThat(applied.now().position().isUnknown()).isTrue();
        assertThat(lift(upTo(3))).isEqualTo(upTo(3));

        applied.passed(SECOND, 2, upTo(5), NONE, at(2));
        assertThat(applied.now().position()).isEqualTo(upTo(5));
        assertThat(applied.now().heard()).isEqualTo(at(1));
        assertThat(lift(upTo(3))).isEqualTo(upTo(5));
        assertThat(lift(upTo(7))).isEqualTo(upTo(7));
    }

    @Test
    void neverLiftsWhatHasNoStamp() {
        applied.passed(FIRST, 1, upTo(9), NONE, at(1));
        assertThat(lift(NONE).isUnknown()).isTrue();
    }

    @Test
    void aReplayTakesNothingBackAndIsHeardOfAllTheSame() {
        applied.passed(FIRST, 1, upTo(9), NONE, at(1));
        applied.passed(FIRST, 1, upTo(4), NONE, at(2));
        assertThat(applied.now().position()).isEqualTo(upTo(9));
        assertThat(applied.now().heard()).isEqualTo(at(2));
    }

    @Test
    void beginsAnewWhenThePartitionsAreOthers() {
        applied.passed(FIRST, 1, upTo(9), NONE, at(1));
        applied.passed(FIRST, 2, upTo(10), NONE, at(2));
        assertThat(applied.now().position().isUnknown()).isTrue();

        applied.passed(SECOND, 2, upTo(10), NONE, at(3));
        assertThat(applied.now().position()).isEqualTo(upTo(10));
        applied.passed(new Partition("others", 0), 2, upTo(11), NONE, at(4));
        assertThat(applied.now().position().isUnknown()).isTrue();
    }

    @Test
    void claimsNoPhantoms() {
        SourcePosition lost = SourcePosition.parse(B + ":7-8");
        assertThat(applied.passed(FIRST, 1, upTo(9).union(lost), NONE, at(1))).isFalse();
        assertThat(applied.passed(FIRST, 1, upTo(9).union(lost), lost, at(2))).isTrue();
        assertThat(applied.passed(FIRST, 1, upTo(9).union(lost), lost, at(3))).isFalse();
        assertThat(applied.now().position()).isEqualTo(upTo(9));
        assertThat(applied.now().phantoms()).isEqualTo(lost);
    }

    @Test
    void forgetsAllButThePhantoms() {
        SourcePosition lost = SourcePosition.parse(B + ":7-8");
        applied.passed(FIRST, 1, upTo(9), lost, at(1));
        applied.forget();
        assertThat(applied.now().position().isUnknown()).isTrue();
        assertThat(applied.now().phantoms()).isEqualTo(lost);
        applied.passed(FIRST, 1, upTo(4), lost, at(2));
        assertThat(applied.now().position()).isEqualTo(upTo(4));
    }

    @Test
    void refusesANumberOfPartitionsThatCannotBe() {
        assertThatThrownBy(() -> applied.passed(FIRST, 0, upTo(1), NONE, at(1))).hasMessageContaining("0 partitions");
    }

    @Test
    void liftsNothingThatWasReadAfterAllWasForgotten() {
        applied.passed(FIRST, 1, upTo(9), NONE, at(1));
        AppliedPosition.Snapshot before = applied.now();
        applied.forget();
        applied.passed(FIRST, 1, upTo(9), NONE, at(2));
        assertThat(applied.lift(upTo(3), before)).isEqualTo(upTo(3));
    }

    @Test
    void whoCountsFewerPartitionsIsBelievedOnlyAfterAWhile() {
        applied.passed(FIRST, 2, upTo(9), NONE, at(1));
        applied.passed(FIRST, 1, upTo(9), NONE, at(2));
        assertThat(applied.now().position().isUnknown()).isTrue();
        applied.passed(FIRST, 1, upTo(9), NONE, at(Duration.ofSeconds(40).toNanos()));
        assertThat(applied.now().position()).isEqualTo(upTo(9));
    }

    @Test
    void wasHeardOfByEachClockWhenThePartitionWasThatIsLongestAgo() {
        applied.passed(FIRST, 2, upTo(9), NONE, new Moment(10, 7_000));
        applied.passed(SECOND, 2, upTo(9), NONE, new Moment(20, 3_000));
        assertThat(applied.now().heard()).isEqualTo(new Moment(10, 3_000));
    }

    private static Moment at(long nanos) {
        return new Moment(nanos, nanos);
    }

    private SourcePosition lift(SourcePosition stamp) {
        return applied.lift(stamp, applied.now());
    }
}
