package io.sluice.node.grpc;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.SettableMembership;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.HistoryEvent;
import io.sluice.proto.v1.HistoryRequest;
import io.sluice.proto.v1.LookupRequest;
import io.sluice.proto.v1.LookupResponse;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.proto.v1.RingState;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.proto.v1.TopologyRequest;
import io.sluice.proto.v1.TopologyResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node tells of itself, over a real connection. */
@Timeout(30)
final class AdminServiceTest {
    private final FakeSource source = new FakeSource(System::nanoTime);
    private final SettableMembership membership = new SettableMembership(Cluster.of(1, "n1"));
    private final NodeUnderTest node = new NodeUnderTest("n1", source, membership, LIMITS);

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void aLookupTellsWhatIsHeldWithoutLoadingAndCountsNoHit() {
        source.commit("1", "one");

        LookupResponse before = lookup("1");
        get("1");
        long hits = node.store.stats().hits();
        LookupResponse after = lookup("1");

        assertThat(before.getHeld()).isFalse();
        assertThat(before.getHoldersList()).containsExactly("n1");
        assertThat(source.loads()).isEqualTo(1);
        assertThat(after.getHeld()).isTrue();
        assertThat(after.getAnswer().getValue().toStringUtf8()).isEqualTo("one");
        assertThat(after.getAnswer().getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(after.getAnswer().getInfo().getStamp().getGtidSet()).isNotEmpty();
        assertThat(node.store.stats().hits()).isEqualTo(hits);
    }

    @Test
    void theHistoryOfAKeyHasItsLoadWhatBecameOfItAndTheRemoves() {
        source.commit("1", "one");
        source.commit("2", "two");
        get("1");
        get("2");
        source.commit("1", "uno");
        remove(RemovalScope.REMOVAL_SCOPE_KEY, "1");
        get("1");
        remove(RemovalScope.REMOVAL_SCOPE_TAG, "id:1");
        remove(RemovalScope.REMOVAL_SCOPE_GROUP, "");

        List<HistoryEvent> events = history("1");

        assertThat(events)
                .extracting(HistoryEvent::getEvent)
                .containsExactly("load", "admit", "remove", "load", "admit", "cover", "remove");
        assertThat(events.get(2).getPosition().getGtidSet())
                .isEqualTo(source.position().toString());
        assertThat(events).extracting(HistoryEvent::getAtMillis).isSorted().allMatch(at -> at > 0);
        assertThat(history("2")).extracting(HistoryEvent::getEvent).containsExactly("load", "admit", "remove");
    }

    @Test
    void theTopologyIsTheOneThatTheNodeGoesBy() {
        TopologyResponse topology = node.admin().topology(TopologyRequest.getDefaultInstance());

        assertThat(topology.getRevision()).isEqualTo(membership.topology().revision());
        assertThat(topology.getReplicationFactor())
                .isEqualTo(membership.topology().replicationFactor());
        assertThat(topology.getRingsList()).singleElement().satisfies(ring -> {
            assertThat(ring.getState()).isEqualTo(RingState.RING_STATE_ACTIVE);
            assertThat(ring.getMembers(0).getName()).isEqualTo("n1");
        });
    }

    @Test
    void whatDoesNotExistIsRefused() {
        assertRefused(
                NOT_FOUND,
                () -> node.admin()
                        .lookup(LookupRequest.newBuilder()
                                .setGroup("teacher")
                                .setKey("1")
                                .build()),
                "No group");
        assertRefused(INVALID_ARGUMENT, () -> history(""), "key is empty");
    }

    private LookupResponse lookup(String key) {
        return node.admin()
                .lookup(LookupRequest.newBuilder().setGroup(GROUP).setKey(key).build());
    }

    private List<HistoryEvent> history(String key) {
        return node.admin()
                .history(HistoryRequest.newBuilder().setGroup(GROUP).setKey(key).build())
                .getEventsList();
    }

    private void get(String key) {
        node.cache().get(GetRequest.newBuilder().setGroup(GROUP).setKey(key).build());
    }

    private void remove(RemovalScope scope, String key) {
        node.peer()
                .remove(PeerRemoveRequest.newBuilder()
                        .addPositions(Position.newBuilder()
                                .setGtidSet(source.position().toString()))
                        .addRemovals(Removal.newBuilder()
                                .setGroup(GROUP)
                                .setScope(scope)
                                .setKey(key))
                        .build());
    }
}
