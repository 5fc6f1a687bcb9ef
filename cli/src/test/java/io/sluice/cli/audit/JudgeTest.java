package io.sluice.cli.audit;

import static io.sluice.cli.audit.Moments.copied;
import static io.sluice.cli.audit.Moments.held;
import static io.sluice.cli.audit.Moments.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.audit.Verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Times are milliseconds; the row has value a until it changes to b, with transaction 10. */
final class JudgeTest {
    private static final long OLD = 100_000;

    private final Judge judge = new Judge(Duration.ofSeconds(50), Duration.ofSeconds(Judge.LONGEST_LOAD_SECONDS));

    private static long staleMillis(Verdict verdict) {
        return TimeUnit.NANOSECONDS.toMillis(verdict.staleNanos());
    }

    @Test
    void anAnswerThatEqualsTheSourceIsCurrentWhateverItsStamp() {
        assertThat(judge.judge(List.of(read(0, 10, "b"), read(1_010, 12, "b")), held(1_000, 3, OLD, "b"), null)
                        .kind())
                .isEqualTo(Kind.CURRENT);
        assertThat(judge.judge(List.of(read(1_010, 12, "")), held(1_000, 3, OLD, ""), null)
                        .kind())
                .isEqualTo(Kind.CURRENT);
    }

    /** 1: answers a, which is right; the row changes; the auditor reads b. */
    @Test
    void aRowThatChangesAfterTheAnswerProvesNothing() {
        Verdict verdict = judge.judge(List.of(read(0, 9, "a"), read(1_010, 10, "b")), held(1_000, 9, OLD, "a"), null);

        assertThat(verdict.kind()).isEqualTo(Kind.MOVING);
        assertThat(verdict.staleNanos()).isZero();
    }

    @Test
    void anOldAnswerWithAnHonestStampIsStaleAndAllowedForAWhile() {
        List<SourceRead> reads = List.of(read(0, 10, "b"), read(1_010, 12, "b"));

        Verdict verdict = judge.judge(reads, held(1_000, 9, OLD, "a"), null);

        assertThat(verdict.kind()).isEqualTo(Kind.STALE);
        assertThat(staleMillis(verdict)).isEqualTo(998);
    }

    @Test
    void pastWhatIsAllowedItIsAViolation() {
        List<SourceRead> reads = List.of(read(0, 10, "b"), read(60_010, 99, "b"));

        Verdict verdict = judge.judge(reads, held(60_000, 9, 2 * OLD, "a"), null);

        assertThat(verdict.kind()).isEqualTo(Kind.TOO_OLD);
        assertThat(staleMillis(verdict)).isEqualTo(59_998);
    }

    /**
     * A later change, of which neither the node nor the auditor has heard yet: the row was a at 30 s and is b again.
     */
    @Test
    void aValueThatWasLoadedAfterTheReadsIsNotProvenOldByThem() {
        List<SourceRead> reads =
                List.of(read(0, 10, "b"), read(5_000, 20, "b"), read(120_000, 99, "b"), read(120_020, 99, "b"));

        Verdict verdict = judge.judge(reads, held(120_010, 50, 90_000, "a"), null);

        assertThat(verdict.kind()).isEqualTo(Kind.STALE);
        assertThat(staleMillis(verdict))
                .as("since the read at 120 s, not since 0")
                .isEqualTo(8);
    }

    /** The load began before the auditor read b, and read its row long after. */
    @Test
    void aLoadThatMayHaveReadItsRowAfterTheSourceDoesNotProve() {
        List<SourceRead> reads = List.of(read(0, 10, "b"), read(3_010, 20, "c"));

        assertThat(judge.judge(reads, held(3_000, 15, 3_100, "a"), null).kind()).isEqualTo(Kind.MOVING);
        assertThat(judge.judge(reads, held(3_000, 15, 8_100, "a"), null).kind())
                .as("a load may wait for connections and for positions")
                .isEqualTo(Kind.MOVING);
        assertThat(judge.judge(reads, held(3_000, 15, 48_100, "a"), null).kind())
                .isEqualTo(Kind.STALE);
    }

    /** It was asked for long before it was loaded: by whom it is from, for this very asking. */
    @Test
    void theAgeOfACopyUnderLeaseProvesNothingAndAnEarlierAnswerDoes() {
        List<SourceRead> reads = List.of(read(1_010, 10, "b"), read(1_900, 12, "b"), read(2_010, 14, "c"));

        assertThat(judge.judge(reads, copied(2_000, 12, OLD, "a"), null).kind()).isEqualTo(Kind.MOVING);
        assertThat(judge.judge(reads, held(2_000, 12, OLD, "a"), null).kind()).isEqualTo(Kind.FALSE_STAMP);
        assertThat(judge.judge(reads, copied(2_000, 12, 1_500, "a"), held(1_000, 9, 500, "a"))
                        .kind())
                .isEqualTo(Kind.FALSE_STAMP);
    }

    @Test
    void theSameEntryThatHasAnsweredBeforeIsProvenOldHoweverYoungItIs() {
        Held earlier = held(1_000, 9, 500, "a");
        List<SourceRead> reads = List.of(read(1_010, 10, "b"), read(1_900, 12, "b"), read(2_010, 12, "b"));

        Verdict verdict = judge.judge(reads, held(2_000, 9, 1_500, "a"), earlier);

        assertThat(verdict.kind()).isEqualTo(Kind.STALE);
        assertThat(staleMillis(verdict)).isEqualTo(988);
    }

    @Test
    void aStampThatNamesAChangeWhichTheValueDoesNotReflectIsFalse() {
        Held earlier = held(1_000, 9, 500, "a");
        List<SourceRead> reads = List.of(read(1_010, 10, "b"), read(1_900, 12, "b"), read(2_010, 14, "b"));

        assertThat(judge.judge(reads, held(2_000, 12, 1_500, "a"), earlier).kind())
                .isEqualTo(Kind.FALSE_STAMP);
        assertThat(judge.judge(reads, held(2_000, 11, 1_500, "a"), earlier).kind())
                .as("covers the sampled change, and no position read after the row was seen changed")
                .isEqualTo(Kind.STALE);
        assertThat(judge.judge(reads, held(2_000, 12, 500, "a"), earlier).kind())
                .as("loaded anew in between")
                .isEqualTo(Kind.STALE);
    }

    /** A transaction is visible a moment before it is in gtid_executed, so what is read at once may lack it. */
    @Test
    void aPositionReadRightAfterTheRowDoesNotConvict() {
        Held earlier = held(1_000, 9, 500, "a");
        List<SourceRead> reads = List.of(read(1_010, 10, "b"), read(1_100, 9, "b"), read(1_210, 12, "b"));

        assertThat(judge.judge(reads, held(1_200, 9, 700, "a"), earlier).kind()).isEqualTo(Kind.STALE);
    }

    @Test
    void withoutPositionsOnlyAgeAndBoundConvict() {
        List<SourceRead> reads = List.of(read(0, 0, "b"), read(5_000, 0, "b"), read(10_010, 0, "b"));

        assertThat(judge.judge(reads, held(10_000, 0, OLD, "a"), null).kind()).isEqualTo(Kind.STALE);
    }

    @Test
    void anAnswerThatIsOlderThanItClaimsHasAFalseBound() {
        List<SourceRead> reads = List.of(read(0, 10, "b"), read(5_010, 12, "b"));

        assertThat(judge.judge(reads, held(5_000, 9, OLD, "a", OptionalLong.of(4_000)), null)
                        .kind())
                .isEqualTo(Kind.FALSE_BOUND);
        assertThat(judge.judge(reads, held(5_000, 9, OLD, "a", OptionalLong.of(4_600)), null)
                        .kind())
                .as("within the slack")
                .isEqualTo(Kind.STALE);
    }

    @Test
    void readsFromBeforeTheSourceLastHadTheValueProveNothing() {
        List<SourceRead> reads =
                List.of(read(0, 10, "b"), read(30_000, 20, "a"), read(60_000, 30, "b"), read(60_020, 30, "b"));

        Verdict verdict = judge.judge(reads, held(60_010, 9, OLD, "a"), null);

        assertThat(verdict.kind()).isEqualTo(Kind.STALE);
        assertThat(staleMillis(verdict)).isEqualTo(8);
    }
}
