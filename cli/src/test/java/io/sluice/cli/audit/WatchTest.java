package io.sluice.cli.audit;

import static io.sluice.cli.audit.Moments.at;
import static io.sluice.cli.audit.Moments.value;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.audit.AuditReport.Findings;
import io.sluice.cli.audit.AuditReport.Within;
import io.sluice.cli.audit.Verdict.Kind;
import io.sluice.proto.v1.HistoryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One key, a source and two holders that are told what to say; time passes when somebody waits or is asked. */
final class WatchTest {
    private static final Duration ONE = Duration.ofSeconds(1);
    private static final Duration SIXTY = Duration.ofSeconds(60);

    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private final List<Violation> told = new ArrayList<>();
    private final AuditReport report = new AuditReport(List.of(ONE, SIXTY), told::add);
    private final Sample sample = new Sample("item", "1", at(10).toString(), nanos.get(), 40);
    private volatile String row = "b";
    private volatile long transaction = 10;
    private volatile Supplier<Reply> first = () -> held("b", 12);
    private volatile Supplier<Reply> second = Reply.Nothing::new;
    private volatile boolean sourceFails;
    private volatile boolean secondHasLeft;
    private int histories;

    private final Watch watch = new Watch(
            this::read,
            () -> List.of(probe("node-1", () -> first.get()), probe("node-2", () -> second.get())),
            (group, key) -> Map.of(
                    "node-1",
                    List.of(HistoryEvent.newBuilder()
                            .setEvent("load")
                            .setAtMillis(++histories)
                            .build())),
            new Judge(Duration.ofSeconds(50), Duration.ofSeconds(Judge.LONGEST_LOAD_SECONDS)),
            report,
            time -> nanos.addAndGet(time.toNanos()));

    private SourceRead read(String group, String key) {
        if (sourceFails) {
            throw new IllegalStateException("the source is away");
        }
        long start = nanos.addAndGet(1_000_000);
        return new SourceRead(start, nanos.addAndGet(1_000_000), at(transaction), value(row));
    }

    private Probe probe(String name, Supplier<Reply> answer) {
        return new Probe() {
            @Override
            public boolean mustAnswer() {
                return !secondHasLeft || !name.equals("node-2");
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public Reply ask(String group, String key) {
                return answer.get();
            }
        };
    }

    /** An entry that was loaded long before the change. */
    private Reply held(String text, long stamp) {
        long asked = nanos.addAndGet(1_000_000);
        return new Reply.Found(new Held(
                asked,
                nanos.addAndGet(1_000_000),
                value(text),
                at(stamp),
                1_000_000,
                true,
                OptionalLong.empty(),
                "node-1"));
    }

    private Within look(Duration after) throws InterruptedException {
        watch.look(sample, after);
        return requireNonNull(report.findings().within().get(after));
    }

    @Test
    void answersThatEqualTheSourceAreInvisibleForOneReadOfIt() throws Exception {
        watch.begin(sample);

        assertThat(look(ONE)).isEqualTo(new Within(1, 0, 0));
        assertThat(sample.reads()).hasSize(2);
        assertThat(histories).isZero();
        assertThat(report.findings().isClean()).isTrue();
    }

    @Test
    void anOldAnswerIsCountedAndNoViolationWhileItsStampIsHonest() throws Exception {
        watch.begin(sample);
        first = () -> held("a", 9);

        assertThat(look(ONE)).isEqualTo(new Within(0, 1, 0));
        assertThat(told).isEmpty();
    }

    @Test
    void anOldAnswerIsAViolationWhenItIsTooOldAndTellsTheHistory() throws Exception {
        watch.begin(sample);
        first = () -> held("a", 9);
        look(ONE);
        nanos.addAndGet(SIXTY.toNanos());
        transaction = 99;

        assertThat(look(SIXTY)).isEqualTo(new Within(0, 1, 0));
        assertThat(told).singleElement().satisfies(violation -> {
            assertThat(violation.kind()).isEqualTo(Kind.TOO_OLD);
            assertThat(violation.holder()).isEqualTo("node-1");
            assertThat(violation.withinSeconds()).isEqualTo(60);
            assertThat(violation.staleMillis()).isBetween(60_000L, 70_000L);
            assertThat(violation.sinceRecordMillis()).isEqualTo(violation.sinceReadMillis() + 40);
            assertThat(violation.histories().get("node-1"))
                    .as("as of the suspicion and as of the proof")
                    .hasSize(2);
        });
    }

    /** The node's applied position goes on over the change whose Remove it never saw. */
    @Test
    void aStampThatIsLiftedOverTheChangeConvictsWithinTheRounds() throws Exception {
        watch.begin(sample);
        transaction = 12;
        AtomicLong lifted = new AtomicLong(9);
        first = () -> held("a", lifted.getAndAdd(3));

        assertThat(look(ONE)).isEqualTo(new Within(0, 1, 0));
        assertThat(told).extracting(Violation::kind).containsExactly(Kind.FALSE_STAMP);
    }

    @Test
    void anAnswerThatIsRightWhenItIsAskedAgainWasOnlyOvertaken() throws Exception {
        watch.begin(sample);
        AtomicLong asked = new AtomicLong();
        first = () -> held(asked.getAndIncrement() == 0 ? "a" : "b", 12);

        assertThat(look(ONE)).isEqualTo(new Within(1, 0, 0));
    }

    @Test
    void aRowThatMovesAllTheTimeIsUndecided() throws Exception {
        watch.begin(sample);
        AtomicLong version = new AtomicLong();
        first = () -> {
            Reply reply = held("old" + version.get(), 9);
            row = "new" + version.incrementAndGet();
            return young(reply);
        };

        assertThat(look(ONE)).isEqualTo(new Within(0, 0, 1));
        assertThat(told).isEmpty();
    }

    private static Reply young(Reply reply) {
        Held held = ((Reply.Found) reply).held();
        return new Reply.Found(new Held(
                held.askedNanos(),
                held.repliedNanos(),
                held.content(),
                held.stamp(),
                0,
                true,
                held.boundMillis(),
                held.servedBy()));
    }

    @Test
    void aKeyThatHasChangedAgainIsNotCountedAndWhatIsProvenOfItIsAViolationAllTheSame() throws Exception {
        watch.begin(sample);
        sample.supersede();
        AtomicLong version = new AtomicLong();
        first = () -> {
            row = "new" + version.incrementAndGet();
            return held("a", 9);
        };

        assertThat(look(ONE)).isEqualTo(new Within(0, 0, 0));
        nanos.addAndGet(SIXTY.toNanos());
        assertThat(look(SIXTY)).isEqualTo(new Within(0, 0, 0));
        assertThat(told).extracting(Violation::kind).containsExactly(Kind.TOO_OLD);

        sample.cancel();
        look(SIXTY);
        assertThat(report.findings().moreViolations()).isZero();
    }

    @Test
    void aHolderThatDoesNotAnswerLeavesTheChangeUndecidedWhateverTheOthersSay() throws Exception {
        watch.begin(sample);
        second = () -> new Reply.Failed("DEADLINE_EXCEEDED");
        assertThat(look(ONE)).isEqualTo(new Within(0, 0, 1));
        assertThat(requireNonNull(report.findings().holders().get("node-2")).differing())
                .isZero();

        first = () -> held("a", 9);
        assertThat(look(ONE)).as("old at another one").isEqualTo(new Within(0, 1, 1));
    }

    @Test
    void aHolderThatAnsweredOldAndThenNotAtAllIsNotTakenForRight() throws Exception {
        watch.begin(sample);
        AtomicLong asked = new AtomicLong();
        first = () -> asked.getAndIncrement() == 0 ? held("a", 9) : new Reply.Failed("UNAVAILABLE");
        assertThat(look(ONE)).isEqualTo(new Within(0, 0, 1));
    }

    @Test
    void ofANodeThatHasLeftNoAnswerIsNothingToWonderAtAndAnOldOneCounts() throws Exception {
        watch.begin(sample);
        secondHasLeft = true;
        second = () -> new Reply.Failed("UNAVAILABLE");
        assertThat(look(ONE)).isEqualTo(new Within(1, 0, 0));
        second = () -> held("a", 9);
        assertThat(look(ONE)).isEqualTo(new Within(1, 1, 0));
    }

    @Test
    void whenNobodyAnswersOrTheSourceIsAwayNothingIsJudged() throws Exception {
        watch.begin(sample);
        first = () -> new Reply.Failed("UNAVAILABLE");
        second = first;
        assertThat(look(ONE)).isEqualTo(new Within(0, 0, 1));

        sourceFails = true;
        first = () -> held("a", 9);
        assertThat(look(SIXTY)).isEqualTo(new Within(0, 0, 1));

        Findings findings = report.findings();
        assertThat(findings.isWorthless()).isTrue();
        assertThat(findings.lastFailure()).isEqualTo("the source is away");
        assertThat(requireNonNull(findings.holders().get("node-2")).failed()).isEqualTo(1);
        assertThat(watch.begin(sample)).isFalse();
    }
}
