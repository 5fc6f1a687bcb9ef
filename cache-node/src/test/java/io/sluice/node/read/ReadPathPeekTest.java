package io.sluice.node.read;

import static io.sluice.cluster.RingState.ACTIVE;
import static io.sluice.cluster.RingState.DRAINING;
import static io.sluice.node.fake.Cluster.keyThatMoves;
import static io.sluice.node.fake.Cluster.ring;
import static io.sluice.node.fake.FakeSource.at;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.ServedFrom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The two-level lookup: a key that moved to this node a moment ago, while the ring that had it elsewhere drains. */
@Timeout(30)
final class ReadPathPeekTest {
    private static final Topology BEFORE = Cluster.of(1, 1, "ann");
    private static final Topology JOINED = Cluster.of(3, 1, ring(1, DRAINING, "ann"), ring(2, ACTIVE, SELF, "ann"));

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final PathUnderTest node = new PathUnderTest(JOINED);
    private final String moved = keyThatMoves(BEFORE, List.of("ann"), JOINED, List.of(SELF), GROUP);
    private final Gate gate = new Gate();

    @AfterEach
    void end() {
        gate.open();
        callers.close();
    }

    @Test
    void newOwnerHasTheEntryFromThePreviousOwnerAndDoesNotLoad() {
        node.peers.memory("ann", read -> copy("kept", at(1), 60_000));

        Answer first = node.get(node.read(moved));
        Answer second = node.get(node.read(moved));

        assertThat(first.getValue().toStringUtf8()).isEqualTo("kept");
        assertThat(first.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_PEER);
        assertThat(first.getInfo().getServedBy()).isEqualTo("ann");
        assertThat(first.getInfo().getStamp().getGtidSet()).isEqualTo(at(1).toString());
        assertThat(second.getValue().toStringUtf8()).isEqualTo("kept");
        assertThat(second.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(node.source.loads()).isZero();
        assertThat(node.peers.asked()).as("a peek is no forward").isEmpty();
        assertThat(node.events()).containsExactly("peek KEPT");
    }

    @Test
    void timeToLiveIsNotExtendedByTheMove() {
        node.peers.memory("ann", read -> {
            // As long as the answer took to come.
            node.later(Duration.ofMillis(8));
            return copy("kept", at(1), 1_000);
        });
        node.get(node.read(moved));

        node.later(Duration.ofMillis(991));
        assertThat(node.kept(moved)).isEqualTo("kept");
        node.later(Duration.ofMillis(1));
        assertThat(node.kept(moved)).isNull();
    }

    @Test
    void entryThatClaimsALongerLifeThanItsGroupGivesGetsThat() {
        node.peers.memory("ann", read -> copy("kept", at(1), Duration.ofDays(9).toMillis()));
        node.get(node.read(moved));

        node.later(Duration.ofMinutes(10));
        assertThat(node.kept(moved)).isNull();
    }

    @Test
    void previousOwnerWithoutTheEntryMeansALoad() {
        node.source.commit(moved, "loaded");
        node.peers.memory("ann", read -> null);

        assertThat(node.value(moved)).isEqualTo("loaded");
        assertThat(node.kept(moved)).isEqualTo("loaded");
        assertThat(node.events()).containsExactly("peek NOTHING", "loaded");
    }

    @Test
    void entryOfAnotherDefinitionOfTheGroupIsNotKeptAndMeansALoad() {
        node.source.commit(moved, "loaded");
        Copy.Builder other = copy("of another definition", at(9), 60_000).toBuilder();
        node.peers.memory("ann", read -> other.setDefinition(7).build());

        assertThat(node.value(moved)).isEqualTo("loaded");
        assertThat(node.kept(moved)).isEqualTo("loaded");
        assertThat(node.events()).containsExactly("peek REFUSED", "loaded");
    }

    @Test
    void previousOwnerThatDoesNotAnswerCostsTenMillisecondsAtMost() {
        node.source.commit(moved, "loaded");

        assertThat(node.value(moved)).isEqualTo("loaded");
        assertThat(node.peers.timeouts())
                .allMatch(timeout -> timeout.compareTo(Duration.ofMillis(10)) <= 0)
                .hasSize(1);
        assertThat(node.events()).containsExactly("peek UNANSWERED", "loaded");
    }

    /** Ring 1 had it at ann, ring 2 at bob; before ring 1 has closed ring 3 gives it to this node. */
    @Test
    void secondChangeBeforeTheFirstHasClosedAsksTheLatestOwnerFirst() {
        Topology second = Cluster.of(2, 1, ring(2, ACTIVE, "ann", "bob"));
        Topology third = Cluster.of(
                3, 1, ring(1, DRAINING, "ann"), ring(2, DRAINING, "ann", "bob"), ring(3, ACTIVE, "ann", "bob", SELF));
        String key = keyThatMoves(second, List.of("bob"), third, List.of(SELF), GROUP);
        PathUnderTest twice = new PathUnderTest(third);
        twice.peers.memory("bob", read -> null);
        twice.peers.memory("ann", read -> copy("of ann", at(1), 1_000));

        assertThat(twice.value(key)).isEqualTo("of ann");
        assertThat(twice.peers.peeked()).containsExactly("bob", "ann");
        assertThat(twice.source.loads()).isZero();
    }

    @Test
    void budgetIsOneForAllWhoArePeeked() {
        Topology second = Cluster.of(2, 1, ring(2, ACTIVE, "ann", "bob"));
        Topology third = Cluster.of(
                3, 1, ring(1, DRAINING, "ann"), ring(2, DRAINING, "ann", "bob"), ring(3, ACTIVE, "ann", "bob", SELF));
        String key = keyThatMoves(second, List.of("bob"), third, List.of(SELF), GROUP);
        PathUnderTest twice = new PathUnderTest(third);
        twice.peers.memory("bob", read -> {
            twice.later(Duration.ofMillis(10));
            return null;
        });
        twice.peers.memory("ann", read -> copy("of ann", at(1), 1_000));

        assertThat(twice.get(twice.read(key)).getFound()).isFalse();
        assertThat(twice.peers.peeked()).containsExactly("bob");
    }

    /** A node that left: who takes over asks it while it lingers. */
    @Test
    void whoTakesOverPeeksTheNodeThatLeaves() {
        Topology before = Cluster.of(1, 1, SELF, "ann");
        Topology left = Cluster.of(2, 1, ring(1, DRAINING, SELF, "ann"), ring(2, ACTIVE, SELF));
        String key = keyThatMoves(before, List.of("ann"), left, List.of(SELF), GROUP);
        PathUnderTest heir = new PathUnderTest(left);
        heir.peers.memory("ann", read -> copy("inherited", at(1), 1_000));

        assertThat(heir.value(key)).isEqualTo("inherited");
    }

    @Test
    void ownerOfBeforePeeksNobody() {
        Topology before = Cluster.of(1, 2, SELF, "ann");
        Topology changed = Cluster.of(2, 2, ring(1, DRAINING, SELF, "ann"), ring(2, ACTIVE, SELF, "bob"));
        String key = keyThatMoves(before, List.of(SELF, "ann"), changed, List.of(SELF, "bob"), GROUP);
        PathUnderTest same = new PathUnderTest(changed);

        same.get(same.read(key));

        assertThat(same.peers.peeked()).isEmpty();
    }

    /** Ring 2 has just given the key to this node, which has nothing yet, when ring 3 changes other things. */
    @Test
    void ownerSinceAChangeThatHasNotClosedPeeksThoseOfBefore() {
        Topology first = Cluster.of(1, 1, "ann", "bob");
        Topology third = Cluster.of(
                3,
                1,
                ring(1, DRAINING, "ann", "bob"),
                ring(2, DRAINING, "ann", "bob", SELF),
                ring(3, ACTIVE, "ann", "bob", SELF, "eve"));
        String key = keyThatMoves(first, List.of("ann"), third, List.of(SELF), GROUP);
        PathUnderTest cold = new PathUnderTest(third);
        cold.peers.memory("ann", read -> copy("of ann", at(1), 1_000));

        assertThat(cold.value(key)).isEqualTo("of ann");
        assertThat(cold.source.loads()).isZero();
    }

    /** This node was killed and is back: what it had is gone, and the replica of then has it. */
    @Test
    void ownerOfBeforeInAnotherLifePeeksTheReplica() {
        Topology before = Cluster.of(1, 2, SELF, "ann");
        RingRecord earlierLife = ring(
                1,
                DRAINING,
                Map.of(),
                List.of(
                        Cluster.members(SELF).getFirst().withIncarnation(7),
                        Cluster.members("ann").getFirst()));
        Topology back = Cluster.of(2, 2, earlierLife, ring(2, ACTIVE, SELF, "ann"));
        String key = keyThatMoves(before, List.of(SELF, "ann"), back, List.of(SELF, "ann"), GROUP);
        PathUnderTest restarted = new PathUnderTest(back);
        restarted.peers.memory("ann", read -> copy("replicated", at(1), 1_000));

        assertThat(restarted.value(key)).isEqualTo("replicated");
        assertThat(restarted.peers.peeked()).containsExactly("ann");
    }

    @Test
    void whatIsPeekedGoesToTheReplicasAsALoadDoes() {
        Topology before = Cluster.of(1, 2, "ann", "bob");
        Topology joined = Cluster.of(2, 2, ring(1, DRAINING, "ann", "bob"), ring(2, ACTIVE, SELF, "ann", "bob"));
        String key = keyThatMoves(before, List.of("ann", "bob"), joined, List.of(SELF, "ann"), GROUP);
        PathUnderTest owner = new PathUnderTest(joined);
        owner.peers.memory("ann", read -> copy("kept", at(1), 1_000));

        owner.value(key);

        assertThat(owner.offered)
                .singleElement()
                .satisfies(offered -> assertThat(offered.replicas()).containsExactly("ann"));
    }

    @Test
    void whatIsPeekedAndCameToItsHolderUnaskedGoesNoFurther() {
        Topology before = Cluster.of(1, 2, "ann", "bob");
        Topology joined = Cluster.of(2, 2, ring(1, DRAINING, "ann", "bob"), ring(2, ACTIVE, SELF, "ann", "bob"));
        String key = keyThatMoves(before, List.of("ann", "bob"), joined, List.of(SELF, "ann"), GROUP);
        PathUnderTest owner = new PathUnderTest(joined);
        owner.peers.memory(
                "ann",
                read -> copy("kept", at(1), 1_000).toBuilder()
                        .setAgeUnsure(true)
                        .build());

        assertThat(owner.value(key)).isEqualTo("kept");

        assertThat(owner.offered).isEmpty();
    }

    /** 1: asks, and is answered the old value. The row changes; Remove: done here and there. 1: gets the answer. */
    @Test
    void latePeekIsNeitherKeptNorAnswered() throws Exception {
        node.source.commit(moved, "old");
        SourcePosition old = node.source.position();
        node.peers.memory("ann", read -> {
            gate.accept(read.key());
            return copy("old", old, 60_000);
        });
        Future<String> first = callers.submit(() -> node.value(moved));
        gate.awaitReached();
        node.remove(moved, node.source.commit(moved, "new"));
        gate.open();

        assertThat(first.get()).isEqualTo("new");
        assertThat(node.kept(moved)).isEqualTo("new");
        assertThat(node.events()).containsExactly("peek REFUSED", "loaded");
    }

    /** The same where nothing has a stamp: the answer counts as old as when it was asked for. */
    @Test
    void latePeekWithoutAStampIsNotKept() throws Exception {
        node.source.withoutPositions();
        node.source.commit(moved, "old");
        node.peers.memory("ann", read -> {
            gate.accept(read.key());
            return copy("old", SourcePosition.UNKNOWN, 60_000);
        });
        Future<String> first = callers.submit(() -> node.value(moved));
        gate.awaitReached();
        node.source.commit(moved, "new");
        node.remove(moved, SourcePosition.UNKNOWN);
        node.later(Duration.ofMillis(5));
        gate.open();

        assertThat(first.get()).isEqualTo("new");
    }

    /** 1: leads a flight, peeks the old entry and keeps it. Remove: done. 2: joins the flight of 1. 1: lands. */
    @Test
    void whoJoinsAFlightThatEndsWithAPeekLooksForItself() throws Exception {
        node.source.commit(moved, "old");
        SourcePosition old = node.source.position();
        node.peers.memory("ann", read -> copy("old", old, 60_000));
        node.afterPeek(gate);
        Future<String> first = callers.submit(() -> node.value(moved));
        gate.awaitReached();
        node.peers.memory("ann", read -> null);
        node.remove(moved, node.source.commit(moved, "new"));
        Future<String> second = Parked.caller(() -> node.value(moved));
        gate.open();

        assertThat(second.get()).isEqualTo("new");
        assertThat(first.get()).as("a concurrent read may have either").isEqualTo("old");
        assertThat(node.kept(moved)).isEqualTo("new");
    }

    /** The floor of the ring stands for Removes that this node was never sent, but ann was. */
    @Test
    void peekedEntryFromBeforeTheFloorIsKeptAndGoesWithTheRemoveThatIsStillOnItsWay() {
        node.source.commit(moved, "old");
        SourcePosition old = node.source.position();
        SourcePosition change = node.source.commit(moved, "new");
        node.store.raiseFloor(node.source.position());
        node.peers.memory("ann", read -> copy("old", old, 60_000));

        assertThat(node.value(moved)).as("legal: the Remove is not done yet").isEqualTo("old");
        assertThat(node.source.loads()).isZero();
        node.remove(moved, change);
        assertThat(node.kept(moved)).isNull();
        assertThat(node.value(moved)).as("ann's is refused now").isEqualTo("new");
    }

    @Test
    void entryOlderThanMinPositionIsNotEnough() {
        node.source.commit(moved, "old");
        SourcePosition old = node.source.position();
        SourcePosition own = node.source.commit(moved, "new");
        node.peers.memory("ann", read -> copy("old", old, 60_000));

        Answer answer = node.get(node.read(moved, own, false));

        assertThat(answer.getValue().toStringUtf8()).isEqualTo("new");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    /** 1: peeks. The ring changes again, and what is not held any more is dropped. 1: gets the answer. */
    @Test
    void peekThatSpansARingChangeIsNotKept() throws Exception {
        node.source.commit(moved, "loaded");
        node.peers.memory("ann", read -> {
            gate.accept(read.key());
            return copy("peeked", at(1), 60_000);
        });
        Future<String> first = callers.submit(() -> node.value(moved));
        gate.awaitReached();
        node.change(Cluster.of(4, 1, ring(3, ACTIVE, "ann")));
        node.change(Cluster.of(5, 1, ring(4, ACTIVE, SELF)));
        gate.open();

        assertThat(first.get()).isEqualTo("loaded");
        assertThat(node.kept(moved)).isEqualTo("loaded");
    }

    @Test
    void removeOfTheGroupKeepsPeekedEntriesOut() {
        node.source.commit(moved, "old");
        SourcePosition old = node.source.position();
        node.source.commit(moved, "new");
        node.store.removeAll(node.source.position());
        node.peers.memory("ann", read -> copy("old", old, 60_000));

        assertThat(node.value(moved)).isEqualTo("new");
    }

    @Test
    void nodeThatDoesNotHoldTheKeyPeeksNobody() {
        node.source.commit("1", "one");
        node.holdings.countedOn(false);

        assertThat(node.value(moved)).isEmpty();
        assertThat(node.peers.peeked()).isEmpty();
    }

    @Test
    void onceTheRingHasClosedNobodyIsPeeked() {
        node.change(Cluster.of(4, 1, ring(1, RingState.CLOSING, "ann"), ring(2, ACTIVE, SELF, "ann")));

        node.get(node.read(moved));

        assertThat(node.peers.peeked()).isEmpty();
    }

    @Test
    void copyThatMakesNoSenseMeansALoad() {
        node.source.commit(moved, "loaded");
        node.peers.memory(
                "ann",
                read -> copy("x", at(1), 60_000).toBuilder()
                        .setStamp(io.sluice.proto.v1.Position.newBuilder().setGtidSet("nonsense"))
                        .build());

        assertThat(node.value(moved)).isEqualTo("loaded");
    }

    private static Copy copy(String value, SourcePosition stamp, long ttlMillis) {
        return Copy.newBuilder()
                .setGroup(GROUP)
                .setFound(true)
                .setValue(ByteString.copyFromUtf8(value))
                .setStamp(Answers.position(stamp))
                .setTtlMillis(ttlMillis)
                .build();
    }
}
