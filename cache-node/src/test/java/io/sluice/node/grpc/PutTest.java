package io.sluice.node.grpc;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.UNAVAILABLE;
import static io.sluice.node.fake.Cluster.keysHeldBy;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.NodeUnderTest.topology;
import static io.sluice.node.grpc.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.SettableMembership;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.PutRequest;
import io.sluice.proto.v1.RemoveRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cache-aside group on two nodes; the first one owns the key of the tests. */
@Timeout(30)
final class PutTest {
    private final SettableMembership membership = new SettableMembership(Cluster.of(0));
    private final FakeSource source = new FakeSource(System::nanoTime);
    private final NodeUnderTest n1 = new NodeUnderTest("n1", source, membership, LIMITS);
    private final NodeUnderTest n2 = new NodeUnderTest("n2", source, membership, LIMITS);
    private String key = "";

    @BeforeEach
    void form() {
        source.takesPuts();
        membership.set(topology(1, 2, n1, n2));
        key = keysHeldBy(membership.topology(), GROUP, 1, "n1", "n2").getFirst();
    }

    @AfterEach
    void end() {
        n1.close();
        n2.close();
    }

    @Test
    void whatIsPutWithTheStampOfItsMissIsKeptByOwnerAndReplica() {
        Answer miss = get(n1);
        assertThat(miss.getFound()).isFalse();
        assertThat(miss.getInfo().hasStamp()).isTrue();

        assertThat(put(n1, miss, "one")).isTrue();

        assertThat(value(n1)).isEqualTo("one");
        await().until(() -> n2.holds(key));
        assertThat(value(n2)).isEqualTo("one");
        assertThat(get(n1).getInfo().getStamp()).isEqualTo(miss.getInfo().getStamp());
    }

    /** However little time ago it says that its miss was asked for: how long it travelled is not known. */
    @Test
    void aValueThatWasPutHasNoBoundOfItsOwnAtOwnerAndReplica() {
        assertThat(put(n1, request(get(n1), "one").setAskedMillisAgo(0).build()))
                .isTrue();

        assertThat(value(n1)).isEqualTo("one");
        assertThat(get(n1).getInfo().hasStalenessBoundMillis()).isFalse();
        await().until(() -> n2.holds(key));
        assertThat(get(n2).getInfo().hasStalenessBoundMillis()).isFalse();
    }

    @Test
    void aPutAtAnotherNodeGoesToTheOwner() {
        Answer miss = get(n2);
        assertThat(miss.getInfo().getServedBy())
                .as("the owner read the position")
                .isEqualTo("n1");

        assertThat(put(n2, miss, "one")).isTrue();

        assertThat(n1.holds(key)).isTrue();
        assertThat(value(n2)).isEqualTo("one");
    }

    /** 1: miss; reads the old value. It changes; Remove: done. 1: puts the old value. */
    @Test
    void aRemoveBetweenMissAndPutRefusesThePut() {
        Answer miss = get(n1);
        SourcePosition change = source.commit("any", "changed");
        n1.store.remove(n1.group.storeKey(key), change);

        assertThat(put(n1, miss, "old")).isFalse();
        assertThat(get(n1).getFound()).isFalse();
        assertThat(put(n1, get(n1), "new"))
                .as("the next miss reflects the change")
                .isTrue();
        assertThat(value(n1)).isEqualTo("new");
    }

    @Test
    void soDoesARemoveOfTheGroupAndTheFloorOfARing() {
        Answer miss = get(n1);
        n1.store.removeAll(source.commit("any", "1"));
        assertThat(put(n1, miss, "old")).isFalse();

        Answer next = get(n1);
        n1.store.raiseFloor(source.commit("any", "2"));
        assertThat(put(n1, next, "old")).isFalse();
        assertThat(put(n1, get(n1), "new")).isTrue();
    }

    @Test
    void anApplicationsRemoveWithoutAPositionIsJudgedByTime() {
        Answer miss = get(n2);
        n2.cache()
                .remove(RemoveRequest.newBuilder().setGroup(GROUP).addKeys(key).build());

        assertThat(put(n2, miss, "old")).as("assumed to be ten seconds old").isFalse();
        assertThat(put(n2, request(miss, "old").setAskedMillisAgo(0).build()))
                .as("within the hold")
                .isFalse();
    }

    @Test
    void aPutThatIsOlderThanWhatIsHeldDoesNotReplaceIt() {
        Answer miss = get(n1);
        source.commit("any", "changed");
        assertThat(put(n1, get(n1), "new")).isTrue();

        assertThat(put(n1, miss, "old")).isFalse();
        assertThat(value(n1)).isEqualTo("new");
    }

    @Test
    void whatCannotBeJudgedIsRefused() {
        Answer miss = get(n1);
        assertRefused(
                INVALID_ARGUMENT,
                () -> put(n1, request(miss, "one").clearStamp().build()),
                "needs the stamp of the miss",
                "info.stamp");
        assertRefused(
                INVALID_ARGUMENT,
                () -> put(
                        n1,
                        request(miss, "one")
                                .setStamp(Position.newBuilder().setGtidSet("x"))
                                .build()),
                "no GTID set");
        assertRefused(
                INVALID_ARGUMENT,
                () -> put(n1, request(miss, "one").setAskedMillisAgo(-1).build()),
                "asked_millis_ago is negative");
        assertRefused(INVALID_ARGUMENT, () -> put(n1, miss, "x".repeat(5_001)), "5001 bytes", "limits.value");
        assertRefused(
                INVALID_ARGUMENT, () -> put(n1, request(miss, "one").setKey("").build()), "The key is empty");
    }

    @Test
    void aGroupThatLoadsTakesNoPuts() {
        try (NodeUnderTest loading = new NodeUnderTest("n1", new FakeSource(System::nanoTime), membership, LIMITS)) {
            assertRefused(
                    INVALID_ARGUMENT,
                    () -> put(
                            loading,
                            PutRequest.newBuilder().setGroup(GROUP).setKey("1").build()),
                    "loads its values itself",
                    "without load");
        }
    }

    @Test
    void withAnOwnerThatIsGoneNothingIsKept() {
        Answer miss = get(n2);
        n1.kill();

        assertRefused(UNAVAILABLE, () -> put(n2, miss, "one"), "n1", "not kept");
        assertThat(n2.holds(key)).isFalse();
    }

    @Test
    void withoutPositionsTheTimeOfTheMissDecides() {
        source.withoutPositions();
        try (NodeUnderTest alone =
                new NodeUnderTest("n1", source, membership, LIMITS, HotKeySettings.DEFAULTS, Coherence.ARRIVAL)) {
            membership.set(topology(2, 1, alone));
            Answer miss = get(alone);
            assertThat(miss.getInfo().hasStamp()).isFalse();

            assertRefused(INVALID_ARGUMENT, () -> put(alone, miss, "one"), "needs asked_millis_ago");
            assertThat(put(alone, request(miss, "one").setAskedMillisAgo(5).build()))
                    .isTrue();
            assertThat(value(alone)).isEqualTo("one");

            alone.forget(key);
            assertThat(put(alone, request(miss, "old").setAskedMillisAgo(5).build()))
                    .isFalse();
        }
    }

    private Answer get(NodeUnderTest node) {
        return node.cache()
                .get(GetRequest.newBuilder().setGroup(GROUP).setKey(key).build())
                .getAnswer();
    }

    private String value(NodeUnderTest node) {
        return get(node).getValue().toStringUtf8();
    }

    private PutRequest.Builder request(Answer miss, String value) {
        PutRequest.Builder request =
                PutRequest.newBuilder().setGroup(GROUP).setKey(key).setValue(ByteString.copyFromUtf8(value));
        return miss.getInfo().hasStamp() ? request.setStamp(miss.getInfo().getStamp()) : request;
    }

    private boolean put(NodeUnderTest node, Answer miss, String value) {
        return put(node, request(miss, value).build());
    }

    private static boolean put(NodeUnderTest node, PutRequest request) {
        return node.cache().put(request).getAdmitted();
    }
}
