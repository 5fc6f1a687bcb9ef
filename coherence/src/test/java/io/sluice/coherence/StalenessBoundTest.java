package io.sluice.coherence;

import static io.sluice.coherence.Positions.B;
import static io.sluice.coherence.Positions.upTo;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.AppliedPosition.Partition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StalenessBoundTest {
    private static final SourcePosition NONE = SourcePosition.UNKNOWN;
    private static final Partition FIRST = new Partition("changes", 0);
    private static final Partition SECOND = new Partition("changes", 1);

    private final AppliedPosition applied = new AppliedPosition();
    private StalenessBound bound = new StalenessBound(true);

    @Test
    void isTheTimeSinceTheLatestPollThatTheAppliedPositionCovers() {
        poll(1_000, upTo(5));
        poll(2_000, upTo(6));
        poll(3_000, upTo(9));
        assertThat(millis(3_100)).isNull();

        heard(FIRST, 1, upTo(7), 3_200);
        assertThat(millis(3_200)).isEqualTo(1_200);
        heard(FIRST, 1, upTo(9), 3_300);
        assertThat(millis(3_400)).isEqualTo(400);
    }

    @Test
    void followsThePollsWhileNothingChanges() {
        heard(FIRST, 1, upTo(5), 4_000);
        poll(1_000, upTo(5));
        poll(3_000, upTo(5));
        assertThat(millis(4_000)).isEqualTo(1_000);
    }

    @Test
    void isUnknownUntilThereAreBothAndAfterAllWasForgotten() {
        heard(FIRST, 1, upTo(5), 1_000);
        assertThat(millis(1_000)).isNull();
        poll(1_000, upTo(5));
        assertThat(millis(1_000)).isZero();
        applied.forget();
        bound.applied(applied.now());
        assertThat(millis(1_000)).isNull();
    }

    @Test
    void remembersThePollsWhenTheAppliedPositionIsForgotten() {
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_100);
        applied.forget();
        bound.applied(applied.now());
        heard(FIRST, 1, upTo(5), 2_000);
        assertThat(millis(2_000)).isEqualTo(1_000);
    }

    @Test
    void isNeverLessThanTheTimeSinceThePartitionThatIsSilentLongestWasHeardOf() {
        poll(1_000, upTo(5));
        heard(FIRST, 2, upTo(5), 1_000);
        heard(SECOND, 2, upTo(5), 1_500);
        poll(9_000, upTo(5));
        heard(SECOND, 2, upTo(5), 9_000);
        assertThat(millis(9_000)).isEqualTo(8_000);
        heard(FIRST, 2, upTo(5), 9_000);
        assertThat(millis(9_000)).isZero();
    }

    @Test
    void growsWhileAPrimaryStandsStillThatWasDemoted() {
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        assertThat(millis(1_000)).isZero();

        // Nothing comes down the stream any more, and the polls bring what was applied long ago.
        poll(60_000, upTo(5));
        assertThat(millis(60_000)).isEqualTo(59_000);
    }

    @Test
    void growsWhenTheStreamIsAlreadyTheNewPrimarysAndThePollsAreNot() {
        SourcePosition later = upTo(5).union(SourcePosition.parse(B + ":1-3"));
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        heard(FIRST, 1, later, 60_000);
        poll(60_001, upTo(5));
        assertThat(millis(60_001)).isEqualTo(59_001);
        assertThat(ageCounts(60_010)).isFalse();

        poll(60_020, later);
        assertThat(millis(60_020)).isEqualTo(20);
        assertThat(ageCounts(60_030)).isTrue();
    }

    @Test
    void doesNotTrustAServerThatMayNotBeWrittenTo() {
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        heard(FIRST, 1, upTo(5), 60_000);
        polled(at(60_000), "a", applied.now().position(), upTo(5), false);
        assertThat(millis(60_000)).isEqualTo(59_000);
        assertThat(ageCounts(60_010)).isFalse();
    }

    @Test
    void doesNotTakeAPollForUntrueSinceSomethingWasAppliedWhileItWasOnItsWay() {
        SourcePosition before = applied.now().position();
        heard(FIRST, 1, upTo(6), 1_010);
        polled(at(1_000), "a", before, upTo(5), true);
        assertThat(millis(1_010)).isEqualTo(10);
    }

    @Test
    void aMachineThatWasSuspendedKnowsItByItsWallClock() {
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        long nowNanos = at(1_001).nanos();
        assertThat(bound.now().nanos(nowNanos, 3_601_000))
                .isEqualTo(Duration.ofHours(1).toNanos());

        // It polls again before it hears of the stream again.
        polled(new Moment(nowNanos, 3_601_000), "a", applied.now().position(), upTo(5), true);
        assertThat(bound.now().nanos(nowNanos, 3_601_000))
                .isEqualTo(Duration.ofHours(1).toNanos());
    }

    @Test
    void aWallClockThatWasSetBackHidesNothing() {
        poll(1_000_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000_000);
        assertThat(bound.now().nanos(at(1_030_000).nanos(), 400_000))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
    }

    @Test
    void holdsAValueFromALaggingReplicaAgainstThePolls() {
        poll(1_000, upTo(5));
        poll(2_000, upTo(6));
        poll(3_000, upTo(7));
        assertThat(bound.asOf(upTo(6))).as("with nothing heard of the stream").isNull();
        heard(FIRST, 1, upTo(5), 2_500);
        assertThat(bound.asOf(upTo(6))).isEqualTo(at(2_000));
        assertThat(bound.asOf(upTo(7))).as("no later than it was heard of").isEqualTo(at(2_500));
        assertThat(bound.asOf(upTo(4))).isNull();
        assertThat(bound.asOf(NONE)).isNull();
    }

    @Test
    void anEntryIsAsGoodAsItsLoadWhereLoadsReadThePrimary() {
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        StalenessBound.Known before = bound.now();
        poll(4_500, upTo(6));
        poll(8_500, upTo(6));
        assertThat(ofEntry(before, 8_000, 0, 9_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ofEntry(before, 100, 0, 9_000)).isEqualTo(Duration.ofSeconds(8));
        // The machine was suspended since the load.
        assertThat(ofEntry(before, 8_000, 8_500, 9_000)).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aCopyThatCameUnaskedHasTheBoundOfTheSourceAlone() {
        assertThat(ofCopy(bound.now(), 9_000)).isNull();
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        StalenessBound.Known before = bound.now();
        assertThat(ofCopy(before, 9_000)).isEqualTo(Duration.ofSeconds(8));
        applied.forget();
        bound.applied(applied.now());
        assertThat(ofCopy(before, 9_000)).isNull();
    }

    @Test
    void theAgeOfAnEntrySaysNothingWhereLoadsMayReadReplicas() {
        bound = new StalenessBound(false);
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        assertThat(ofEntry(bound.now(), 8_000, 0, 9_000)).isEqualTo(Duration.ofSeconds(8));
    }

    /** A, which is polled, stalls and is demoted; a load reads it, and then polls reach B. */
    @Test
    void theAgeOfWhatWasLoadedWhileThePrimaryMovedSaysNothingThenAndLater() {
        poll(1_000, "a", upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        bound.pollFailed();
        assertThat(ofEntry(bound.now(), 3_000, 0, 4_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ofEntry(bound.now(), 3_000, 0, 6_500))
                .as("nobody knows who the primary is")
                .isEqualTo(Duration.ofMillis(5_500));
        assertThat(ofLoad(upTo(5), 6_400, 6_500)).as("by its stamp").isEqualTo(Duration.ofMillis(5_500));

        poll(7_000, "b", upTo(6));
        assertThat(ofEntry(bound.now(), 3_000, 0, 7_500)).isEqualTo(Duration.ofMillis(6_500));
        assertThat(ofEntry(bound.now(), 7_001, 0, 7_500)).isEqualTo(Duration.ofMillis(6_500));
        assertThat(ofEntry(bound.now(), 7_002, 0, 7_500)).isEqualTo(Duration.ofMillis(498));
    }

    @Test
    void theAgeOfWhatWasLoadedBetweenPollsOfTwoServersSaysNothing() {
        poll(1_000, "a", upTo(5));
        poll(1_200, "b", upTo(5));
        assertThat(ofEntry(bound.now(), 1_100, 0, 2_000)).isNull();
        assertThat(ofEntry(bound.now(), 900, 0, 2_000))
                .as("loaded while a was the primary")
                .isEqualTo(Duration.ofMillis(1_100));
        assertThat(ofEntry(bound.now(), 1_300, 0, 2_000)).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aPollThatFailsTakesNoAgeAwayWhereTheSameServerAnswersSoonAgain() {
        poll(1_000, "a", upTo(5));
        bound.pollFailed();
        poll(3_000, "a", upTo(5));
        assertThat(ofEntry(bound.now(), 2_000, 0, 4_000)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void noAgeCountsOnceAPollHasFailedAndNoneWasAnsweredYet() {
        assertThat(ageCounts(1_000)).as("there may be no polls").isTrue();
        bound.pollFailed();
        assertThat(ageCounts(1_000)).isFalse();
        poll(2_000, upTo(5));
        assertThat(ageCounts(2_002)).isTrue();
        assertThat(ofEntry(bound.now(), 1_500, 0, 2_010)).isNull();
    }

    @Test
    void aValueOfAnotherServerThanThePolledOneHasTheBoundOfItsStamp() {
        poll(1_000, upTo(5));
        poll(2_000, upTo(6));
        heard(FIRST, 1, upTo(6), 2_000);
        Moment now = at(3_000);
        assertThat(duration(bound.ofReplicaLoad(upTo(5), now.nanos(), now.wallMillis())))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(duration(bound.ofReplicaLoad(upTo(4), now.nanos(), now.wallMillis())))
                .isNull();
    }

    @Test
    void ofManyFailoversTheEldestAreTakenForOne() {
        for (int i = 0; i <= 2 * LoadAges.MOST_SPANS; i++) {
            poll(1_000L * i, "server-" + i, upTo(i + 1));
        }
        long last = 2_000L * LoadAges.MOST_SPANS;
        for (long load = 500; load < last; load += 1_000) {
            assertThat(ofEntry(bound.now(), load, 0, last + 100)).as("%s", load).isNull();
        }
        assertThat(ofEntry(bound.now(), last + 50, 0, last + 100)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void saysNothingOfAnEntryThatWasFoundAfterAllWasForgotten() {
        poll(1_000, upTo(5));
        heard(FIRST, 1, upTo(5), 1_000);
        StalenessBound.Known before = bound.now();
        applied.forget();
        bound.applied(applied.now());
        heard(FIRST, 1, upTo(5), 1_000);
        assertThat(ofEntry(before, 100, 200, 9_000)).isNull();
        assertThat(ofEntry(bound.now(), 100, 200, 9_000)).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aLoadIsAsOfItsBeginOrByItsStampWhereItMayHaveReadAReplica() {
        poll(1_000, upTo(5));
        poll(2_000, upTo(6));
        assertThat(ofLoad(upTo(5), 2_500, 3_000)).isEqualTo(Duration.ofMillis(500));
        bound = new StalenessBound(false);
        poll(1_000, upTo(5));
        poll(2_000, upTo(6));
        heard(FIRST, 1, upTo(5), 2_000);
        assertThat(ofLoad(upTo(5), 2_500, 3_000)).isEqualTo(Duration.ofSeconds(2));
        assertThat(ofLoad(upTo(4), 2_500, 3_000)).isNull();
    }

    @Test
    void forgetsSomeOfManyPollsAndTheLatestNever() {
        int polls = 100 * StalenessBound.MOST_POLLS;
        for (int i = 1; i <= polls; i++) {
            poll(i, upTo(i));
        }
        heard(FIRST, 1, upTo(polls), polls);
        assertThat(millis(polls)).isZero();
        // The farther back, the fewer: no bound is more than a tenth larger for it.
        for (int i = polls - 1; i > 0; i -= 97) {
            Moment asOf = requireNonNull(bound.asOf(upTo(i)), "forgotten");
            assertThat(polls - asOf.wallMillis()).isBetween((long) polls - i, 1 + (long) (1.1 * (polls - i)));
        }
    }

    @Test
    void staysWhatItIsWhenThePollItRestsOnIsForgotten() {
        poll(1, upTo(1));
        heard(FIRST, 1, upTo(1), 1);
        for (int i = 2; i <= 10 * StalenessBound.MOST_POLLS; i++) {
            poll(i, upTo(i));
        }
        assertThat(millis(5_000)).isEqualTo(4_999);
    }

    private void poll(long millis, SourcePosition executed) {
        poll(millis, "a", executed);
    }

    private void poll(long millis, String server, SourcePosition executed) {
        polled(at(millis), server, applied.now().position(), executed, true);
    }

    /** Loads know of it a millisecond later. */
    private void polled(Moment sent, String server, SourcePosition before, SourcePosition executed, boolean writable) {
        bound.polled(
                new SourcePoll(sent, before, server, executed, writable),
                sent.nanos() + Duration.ofMillis(1).toNanos());
    }

    /** Whether the age counts of what was loaded now. */
    private boolean ageCounts(long nowMillis) {
        return ofLoad(NONE, nowMillis, nowMillis) != null;
    }

    private void heard(Partition partition, int partitions, SourcePosition position, long millis) {
        applied.passed(partition, partitions, position, NONE, at(millis));
        bound.applied(applied.now());
    }

    private @Nullable Long millis(long nowMillis) {
        Moment now = at(nowMillis);
        long nanos = bound.now().nanos(now.nanos(), now.wallMillis());
        return nanos == StalenessBound.UNKNOWN ? null : Duration.ofNanos(nanos).toMillis();
    }

    private @Nullable Duration ofEntry(
            StalenessBound.Known before, long loadStartMillis, long steadySinceMillis, long nowMillis) {
        Moment now = at(nowMillis);
        return duration(bound.ofEntry(
                before, at(loadStartMillis).nanos(), at(steadySinceMillis).nanos(), now.nanos(), now.wallMillis()));
    }

    private @Nullable Duration ofCopy(StalenessBound.Known before, long nowMillis) {
        Moment now = at(nowMillis);
        return duration(bound.ofCopy(before, now.nanos(), now.wallMillis()));
    }

    private @Nullable Duration ofLoad(SourcePosition stamp, long loadStartMillis, long nowMillis) {
        Moment now = at(nowMillis);
        return duration(bound.ofLoad(stamp, at(loadStartMillis).nanos(), at(0).nanos(), now.nanos(), now.wallMillis()));
    }

    private static @Nullable Duration duration(long nanos) {
        return nanos == StalenessBound.UNKNOWN ? null : Duration.ofNanos(nanos);
    }

    private static Moment at(long millis) {
        return new Moment(Duration.ofMillis(millis).toNanos(), millis);
    }
}
