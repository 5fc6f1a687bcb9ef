package io.sluice.node.read;

import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static io.sluice.node.read.PathUnderTest.THREE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.CacheEntry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReadPathTest {
    private final PathUnderTest three = new PathUnderTest(THREE);
    private final String owned = keyHeldBy(THREE, GROUP, SELF, "ann");
    private final String replicated = keyHeldBy(THREE, GROUP, "ann", SELF);
    private final String foreign = keyHeldBy(THREE, GROUP, "ann", "bob");

    @Test
    void ownerLoadsOnceKeepsAndOffersACopyToTheReplica() {
        SourcePosition position = three.source.commit(owned, "Ann");

        Answer loaded = three.get(three.read(owned));
        three.later(Duration.ofMillis(70));
        Answer kept = three.get(three.read(owned));

        assertThat(loaded.getFound()).isTrue();
        assertThat(loaded.getValue().toString(UTF_8)).isEqualTo("Ann");
        assertThat(loaded.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_SOURCE);
        assertThat(loaded.getInfo().getServedBy()).isEqualTo(SELF);
        assertThat(loaded.getInfo().getStamp().getGtidSet()).isEqualTo(position.toString());
        assertThat(loaded.getInfo().getTopologyRevision()).isEqualTo(2);
        assertThat(kept.getValue()).isEqualTo(loaded.getValue());
        assertThat(kept.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(kept.getInfo().getAgeMillis()).isEqualTo(70);
        assertThat(three.source.loads()).isEqualTo(1);
        assertThat(three.offered).hasSize(1);
        assertThat(three.offered.getFirst().replicas()).containsExactly("ann");
        assertThat(three.offered.getFirst().entry().stamp()).isEqualTo(position);
        assertThat(three.peers.asked()).isEmpty();
        assertThat(three.events()).containsExactly("loaded");
    }

    @Test
    void entryThatSurvivedEverythingUpToAPositionIsAsGoodAsLoadedThere() {
        three.source.commit(owned, "Ann");
        three.get(three.read(owned));
        SourcePosition later = FakeSource.at(9);
        assertThat(three.path.fromMemory(three.read(owned, later, false))).isNull();

        three.apply(later);

        Answer kept = three.get(three.read(owned, later, false));
        assertThat(kept.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(kept.getInfo().getStamp().getGtidSet()).isEqualTo(later.toString());
        assertThat(three.source.loads()).isEqualTo(1);
    }

    @Test
    void replicaAsksTheOwnerFirstAndDoesNotLoad() {
        three.peers.answer("ann", read -> answer("from ann"));

        assertThat(three.value(replicated)).isEqualTo("from ann");
        assertThat(three.source.loads()).isZero();
        assertThat(three.kept(replicated)).isNull();
        assertThat(three.events()).containsExactly("forwarded");
    }

    @Test
    void replicaLoadsAndKeepsWhenTheOwnerIsUnreachable() {
        three.source.commit(replicated, "Rob");

        assertThat(three.value(replicated)).isEqualTo("Rob");
        Answer kept = three.get(three.read(replicated));

        assertThat(three.peers.asked()).containsExactly("ann");
        assertThat(three.source.loads()).isEqualTo(1);
        assertThat(kept.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_REPLICA);
        assertThat(three.offered).as("only owners replicate").isEmpty();
        assertThat(three.events()).containsExactly("unreachable", "loaded");
    }

    @Test
    void nonHolderAsksTheHoldersInOrderAndNeverKeeps() {
        three.peers.answer("bob", read -> answer("from bob"));

        assertThat(three.value(foreign)).isEqualTo("from bob");
        assertThat(three.peers.asked()).containsExactly("ann", "bob");
        assertThat(three.kept(foreign)).isNull();
    }

    @Test
    void nonHolderThatReachesNobodyReadsThroughAndDoesNotKeep() {
        three.source.commit(foreign, "Zoe");

        assertThat(three.value(foreign)).isEqualTo("Zoe");
        assertThat(three.value(foreign)).isEqualTo("Zoe");

        assertThat(three.source.loads()).isEqualTo(2);
        assertThat(three.store.stats().entries()).isZero();
        assertThat(three.offered).isEmpty();
    }

    @Test
    void nonHolderDoesNotAnswerFromWhatItStillHas() {
        three.store.put(three.group.storeKey(foreign), entry("left over"));

        assertThat(three.kept(foreign)).isNull();
    }

    @Test
    void forwardedReadIsNeverForwardedAgain() {
        three.source.commit(foreign, "Zoe");
        three.peers.answer("ann", read -> answer("from ann"));

        Answer answer = three.get(three.read(foreign, SourcePosition.UNKNOWN, true));

        assertThat(answer.getValue().toString(UTF_8)).isEqualTo("Zoe");
        assertThat(three.peers.asked()).isEmpty();
    }

    @Test
    void whatAPeerDecidedIsNotAskedOfOthers() {
        three.peers.answer("ann", read -> {
            throw Failures.unavailable("the source is down");
        });

        assertFailure(three, Status.Code.UNAVAILABLE, three.read(foreign));
        assertThat(three.peers.asked()).containsExactly("ann");
        assertThat(three.source.loads()).isZero();
    }

    @Test
    void readWhoseTimeIsOverAsksNobody() {
        Read late = new Read(
                three.group,
                foreign,
                three.group.storeKey(foreign),
                SourcePosition.UNKNOWN,
                Deadline.after(-1, TimeUnit.SECONDS),
                false);

        assertFailure(three, Status.Code.DEADLINE_EXCEEDED, late);
        assertThat(three.peers.asked()).isEmpty();
    }

    @Test
    void emptyClusterReadsThrough() {
        PathUnderTest nobody = new PathUnderTest(Cluster.of(3));

        assertThat(nobody.get(nobody.read("1")).getFound()).isFalse();
        assertThat(nobody.store.stats().entries()).isZero();
    }

    @Test
    void missingRowIsANegativeEntryWithItsOwnTimeToLive() {
        PathUnderTest alone = new PathUnderTest(ALONE);

        assertThat(alone.get(alone.read("7")).getFound()).isFalse();
        assertThat(alone.get(alone.read("7")).getFound()).isFalse();
        assertThat(alone.source.loads()).isEqualTo(1);

        alone.later(Duration.ofSeconds(6));
        assertThat(alone.get(alone.read("7")).getFound()).isFalse();
        assertThat(alone.source.loads()).isEqualTo(2);
    }

    @Test
    void insertRemovesTheNegativeEntry() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.get(alone.read("7"));

        alone.remove("7", alone.source.commit("7", "new"));

        assertThat(alone.value("7")).isEqualTo("new");
    }

    @Test
    void rowThatDoesNotRenderToItsKeyIsAnsweredAndNotKept() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.commit("017", "Ann");
        alone.source.notKeepable();

        assertThat(alone.value("017")).isEqualTo("Ann");
        assertThat(alone.kept("017")).isNull();
    }

    @Test
    void failedLoadIsNotKeptAndTheNextReadLoadsAgain() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.commit("1", "one");
        alone.source.beforeRow(key -> {
            throw Failures.unavailable("the source is down");
        });
        assertFailure(alone, Status.Code.UNAVAILABLE, alone.read("1"));
        alone.source.goOn();

        assertThat(alone.value("1")).isEqualTo("one");
        assertThat(alone.events()).containsExactly("failed", "loaded");
    }

    @Test
    void memoryGoesOnWhileTheSourceIsDown() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.commit("1", "one");
        alone.value("1");
        alone.source.beforePosition(key -> {
            throw Failures.unavailable("the source is down");
        });

        assertThat(alone.value("1")).isEqualTo("one");
        assertFailure(alone, Status.Code.UNAVAILABLE, alone.read("2"));
    }

    @Test
    void entryOlderThanMinPositionIsLoadedAgain() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.commit("1", "old");
        alone.value("1");
        SourcePosition own = alone.source.commit("1", "new");

        Answer answer = alone.get(alone.read("1", own, false));

        assertThat(answer.getValue().toString(UTF_8)).isEqualTo("new");
        assertThat(alone.kept("1"))
                .as("the newer load takes the old entry's place")
                .isEqualTo("new");
    }

    @Test
    void entryThatCoversMinPositionIsAnswered() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        SourcePosition position = alone.source.commit("1", "one");
        alone.value("1");

        alone.get(alone.read("1", position, false));

        assertThat(alone.source.loads()).isEqualTo(1);
    }

    @Test
    void sourceThatHasNotReachedMinPositionIsUnavailable() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.commit("1", "one");

        assertFailure(alone, Status.Code.UNAVAILABLE, alone.read("1", FakeSource.at(99), false));
        assertThat(alone.source.loads()).as("a load of its own is not repeated").isEqualTo(1);
    }

    @Test
    void nodeThatIsNotCountedOnReadsThrough() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.commit("1", "one");
        alone.value("1");

        alone.holdings.countedOn(false);

        assertThat(alone.kept("1")).isNull();
        assertThat(alone.value("2")).isEmpty();
        assertThat(alone.group.store().stats().entries())
                .as("only what was there")
                .isEqualTo(1);
        assertThat(alone.value("1")).isEqualTo("one");
        assertThat(alone.source.loads()).isEqualTo(3);
    }

    /** What is missing may have been read by the application meanwhile, and not put yet. */
    @Test
    void missOfACacheAsideGroupTellsItsPositionAndIsNotKept() {
        PathUnderTest alone = new PathUnderTest(ALONE);
        alone.source.takesPuts();
        Answer miss = alone.get(alone.read("1"));

        assertThat(miss.getFound()).isFalse();
        assertThat(miss.getInfo().getStamp().getGtidSet())
                .isEqualTo(alone.source.position().toString());
        assertThat(alone.kept("1")).isNull();
    }

    private static void assertFailure(PathUnderTest node, Status.Code code, Read read) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> node.get(read))
                .satisfies(failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
    }

    private static Answer answer(String value) {
        return Answer.newBuilder()
                .setFound(true)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    private static CacheEntry entry(String value) {
        return CacheEntry.found(value.getBytes(UTF_8), FakeSource.at(1), 0, Long.MAX_VALUE);
    }

    @Test
    void copyThatArrivedIsAnsweredByTheReplicaItself() {
        three.store.put(three.group.storeKey(replicated), entry("copied"));

        assertThat(three.value(replicated)).isEqualTo("copied");
        assertThat(three.peers.asked()).isEmpty();
    }
}
