package io.sluice.node.read;

import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.PastMaxStaleness;
import io.sluice.mapping.Staleness;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.ServedFrom;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How stale answers are, what callers and groups ask of that, and loads that go by a position that was polled. */
@Timeout(30)
final class ReadPathFreshnessTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private PathUnderTest node = new PathUnderTest(ALONE);

    @Test
    void aBoundGrowsByTheTimeForWhichThisMachineWasSuspendedWhileAnotherNodeWasAsked() {
        Topology three = Cluster.of(2, 2, SELF, "ann", "bob");
        PathUnderTest forwarding = new PathUnderTest(three);
        forwarding.peers.answer("ann", read -> {
            forwarding.suspended(Duration.ofMinutes(1));
            return Answer.newBuilder()
                    .setInfo(AnswerInfo.newBuilder().setStalenessBoundMillis(10))
                    .build();
        });

        Answer answer = forwarding.get(forwarding.read(keyHeldBy(three, GROUP, "ann", "bob")));

        assertThat(answer.getInfo().getStalenessBoundMillis()).isBetween(60_010L, 60_020L);
    }

    @Test
    void anAnswerFromMemoryIsNotStalerThanItsLoadIsOldNorThanTheAppliedPosition() {
        node.source.commit("1", "one");
        assertThat(boundMillis(node.get(node.read("1")))).isZero();
        node.later(Duration.ofSeconds(30));
        assertThat(boundMillis(node.get(node.read("1")))).isEqualTo(30_000);

        node.poll();
        node.apply(node.source.position());
        node.later(Duration.ofMillis(1_500));
        assertThat(boundMillis(node.get(node.read("1")))).isEqualTo(1_500);
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @Test
    void aBoundIsRoundedUp() {
        node.source.commit("1", "one");
        node.get(node.read("1"));
        node.poll();
        node.apply(node.source.position());
        node.later(Duration.ofNanos(1));
        assertThat(boundMillis(node.get(node.read("1")))).isEqualTo(1);
    }

    @Test
    void aReadThatWantsItFresherIsReadThrough() {
        node.source.commit("1", "old");
        node.get(node.read("1"));
        node.source.commit("1", "new");
        node.later(SECOND);
        assertThat(value(node.get(node.read("1", SECOND)))).isEqualTo("old");

        Answer fresh = node.get(node.read("1", Duration.ofMillis(999)));
        assertThat(value(fresh)).isEqualTo("new");
        assertThat(fresh.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_SOURCE);
        assertThat(node.kept("1")).isEqualTo("new");
    }

    /**
     * 1: reads the row; it changes, and the change is acknowledged to who asks next, for what is at most a second old.
     */
    @Test
    void aReadThatWantsItFresherDoesNotJoinALoadThatBeganBefore() throws Exception {
        Gate gate = new Gate();
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<Answer> first = Parked.caller(() -> node.get(node.read("1")));
        gate.awaitReached();
        node.source.commit("1", "new");
        node.later(Duration.ofSeconds(2));
        Future<Answer> second = Parked.caller(() -> node.get(node.read("1", SECOND)));
        Future<Answer> third = Parked.caller(() -> node.get(node.read("1", Duration.ofSeconds(3))));
        gate.open();

        assertThat(value(first.get())).isEqualTo("old");
        assertThat(boundMillis(first.get())).isEqualTo(2_000);
        assertThat(value(second.get())).isEqualTo("new");
        assertThat(boundMillis(third.get())).isLessThanOrEqualTo(3_000);
        assertThat(node.source.loads()).isEqualTo(2);
    }

    /** 1: leads. 2: joins; what lands is just fresh enough for it, and would not be a moment later. */
    @Test
    void whetherALandingFitsIsAskedOfTheClockOnce() throws Exception {
        Gate gate = new Gate();
        node.source.commit("1", "one");
        node.source.afterRow(gate);
        Future<Answer> first = Parked.caller(() -> node.get(node.read("1")));
        gate.awaitReached();
        Future<Answer> second = Parked.caller(() -> {
            Thread joiner = Thread.currentThread();
            node.beforeReading(() -> node.later(Thread.currentThread() == joiner ? SECOND : Duration.ZERO));
            return node.get(node.read("1", Duration.ofSeconds(2)));
        });
        gate.open();

        assertThat(boundMillis(second.get())).isEqualTo(2_000);
        assertThat(value(first.get())).isEqualTo("one");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @Test
    void aLoadThatTakesLongerThanTheReadToleratesIsNoAnswer() {
        node.source.commit("1", "one");
        node.source.afterRow(key -> node.later(Duration.ofSeconds(2)));
        assertThatThrownBy(() -> node.get(node.read("1", SECOND))).hasMessageContaining("max_staleness_millis");
    }

    @Test
    void pastMaxStalenessAGroupThatServesSaysSo() {
        node = new PathUnderTest(ALONE, new Staleness(SECOND, PastMaxStaleness.SERVE));
        node.source.commit("1", "old");
        assertThat(node.get(node.read("1")).getInfo().getPastMaxStaleness()).isFalse();
        node.later(Duration.ofMillis(1_001));
        Answer answer = node.get(node.read("1"));
        assertThat(answer.getInfo().getPastMaxStaleness()).isTrue();
        assertThat(answer.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(node.events()).contains("past SERVED");
    }

    @Test
    void whatIsGivenPastMaxStalenessCountsOnceAndALookAtItDoesNot() {
        node = new PathUnderTest(ALONE, new Staleness(SECOND, PastMaxStaleness.SERVE));
        node.source.commit("1", "old");
        node.get(node.read("1"));
        node.later(Duration.ofMillis(1_001));
        assertThat(node.path.look(node.read("1"))).isNotNull();
        assertThat(node.path.held(node.read("1"), false)).isNotNull();
        assertThat(node.events()).doesNotContain("past SERVED");

        node.path.read(node.read("1"));
        assertThat(node.events()).as("found by another look").containsOnlyOnce("past SERVED");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @Test
    void aCopyOfAHotKeyGivenPastMaxStalenessCountsOnceHoweverItIsFound() {
        node = new PathUnderTest(Cluster.of(2, 1, SELF, "ann"), new Staleness(SECOND, PastMaxStaleness.SERVE));
        Read read = node.read(keyHeldBy(node.membership.topology(), GROUP, "ann"));
        SettableHotCopy hot = new SettableHotCopy();
        node.hotCopies = hot;
        hot.copy = Answer.newBuilder()
                .setInfo(AnswerInfo.newBuilder().setPastMaxStaleness(true))
                .build();
        assertThat(node.path.look(read)).isSameAs(hot.copy);
        assertThat(node.events()).isEmpty();

        assertThat(node.path.fromMemory(read)).isSameAs(hot.copy);
        assertThat(node.events()).containsExactly("past SERVED");
        assertThat(node.path.copyOfOthers(read)).isSameAs(hot.copy);
        assertThat(node.events()).containsExactly("past SERVED", "past SERVED");

        assertThat(node.path.read(read)).as("found by another look").isSameAs(hot.copy);
        assertThat(node.events()).containsExactly("past SERVED", "past SERVED", "unreachable", "past SERVED");
        assertThat(hot.uses).isEqualTo(3);
    }

    @Test
    void pastMaxStalenessAGroupThatBypassesReadsTheSourceForEachAndKeepsNothing() {
        node = new PathUnderTest(ALONE, new Staleness(SECOND, PastMaxStaleness.BYPASS));
        node.source.commit("1", "one");
        node.poll();
        node.apply(node.source.position());
        node.get(node.read("1"));
        assertThat(node.kept("1")).isEqualTo("one");

        node.later(Duration.ofMillis(1_001));
        for (int version = 2; version < 5; version++) {
            node.source.commit("1", "v" + version);
            Answer answer = node.get(node.read("1"));
            assertThat(value(answer)).isEqualTo("v" + version);
            assertThat(answer.getInfo().getPastMaxStaleness()).isFalse();
        }
        assertThat(node.source.loads()).isEqualTo(4);
        assertThat(node.events()).contains("past BYPASSED");

        node.poll();
        node.apply(node.source.position());
        node.get(node.read("2"));
        assertThat(node.get(node.read("2")).getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
    }

    @Test
    void pastMaxStalenessAGroupThatFailsRefusesWhatMemoryHasAndLoadsTheRest() {
        node = new PathUnderTest(ALONE, new Staleness(SECOND, PastMaxStaleness.FAIL));
        node.source.commit("1", "one");
        node.source.commit("2", "two");
        node.get(node.read("1"));
        node.later(Duration.ofMillis(1_001));
        assertThatThrownBy(() -> node.get(node.read("1"))).hasMessageContaining("past-max-staleness is fail");
        assertThat(value(node.get(node.read("2")))).isEqualTo("two");
        assertThat(node.events()).contains("past FAILED");
    }

    @Test
    void afterASuspensionTheAgeOfAnEntrySaysNothing() {
        node.source.commit("1", "one");
        node.get(node.read("1"));
        node.suspended(Duration.ofHours(1));
        Answer answer = node.get(node.read("1"));
        assertThat(answer.getInfo().hasStalenessBoundMillis()).isFalse();
        assertThat(answer.getInfo().getPastMaxStaleness()).isTrue();
        node.later(Duration.ofMillis(1));
        assertThat(value(node.get(node.read("1", Duration.ofMinutes(10))))).isEqualTo("one");
        assertThat(node.source.loads()).isEqualTo(2);
    }

    @Test
    void aLoadGoesByThePositionThatWasPolledAndIsKeptByIt() {
        node.source.commit("1", "one");
        node.source.poll();
        SourcePosition polled = node.source.position();
        node.source.commit("2", "two");
        Answer answer = node.get(node.read("1"));
        assertThat(answer.getInfo().getStamp().getGtidSet()).isEqualTo(polled.toString());
        assertThat(node.kept("1")).isEqualTo("one");
    }

    @Test
    void aLoadReadsItsOwnPositionWhereTheFenceRefusesThePolledOne() {
        node.source.commit("1", "old");
        node.source.poll();
        node.remove("1", node.source.commit("1", "new"));
        Answer answer = node.get(node.read("1"));
        assertThat(answer.getInfo().getStamp().getGtidSet())
                .isEqualTo(node.source.position().toString());
        assertThat(node.kept("1")).isEqualTo("new");
    }

    @Test
    void aLoadReadsItsOwnPositionWhereItsCallerAsksForMore() {
        node.source.poll();
        SourcePosition own = node.source.commit("1", "mine");
        assertThat(value(node.get(node.read("1", own, false)))).isEqualTo("mine");
    }

    /**
     * 1: leads, and has not said by which position it goes. The row changes; Remove: done. 2: joins. 1: would go by
     * what was polled before, when the change could not be read yet.
     */
    @Test
    void whoJoinedAfterARemoveIsNotAnsweredByAPositionFromBefore() throws Exception {
        Gate gate = new Gate();
        node.source.commit("1", "old");
        node.source.poll();
        node.source.beforePosition(gate);
        Future<String> first = Parked.caller(() -> node.value("1"));
        gate.awaitReached();
        SourcePosition change = node.source.commit("1", "new");
        node.remove("1", change);
        Future<Answer> second = Parked.caller(() -> node.get(node.read("1")));
        gate.open();

        assertThat(first.get()).isEqualTo("new");
        assertThat(SourcePosition.parse(second.get().getInfo().getStamp().getGtidSet())
                        .covers(change))
                .isTrue();
        assertThat(node.source.loads()).isEqualTo(1);
    }

    private static final class SettableHotCopy implements HotCopies {
        private @Nullable Answer copy;
        private int uses;

        @Override
        public @Nullable Answer find(Read read) {
            uses++;
            return copy;
        }

        @Override
        public @Nullable Answer look(Read read) {
            return copy;
        }

        @Override
        public void forwarded(Read read, Answer answer) {}
    }

    private static long boundMillis(Answer answer) {
        assertThat(answer.getInfo().hasStalenessBoundMillis()).isTrue();
        return answer.getInfo().getStalenessBoundMillis();
    }

    private static String value(Answer answer) {
        return answer.getValue().toString(UTF_8);
    }
}
