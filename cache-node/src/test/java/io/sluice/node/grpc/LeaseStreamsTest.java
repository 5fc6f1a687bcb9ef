package io.sluice.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.SettableMembership;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.lease.LeaseSettings;
import io.sluice.node.read.Answers;
import io.sluice.proto.v1.HistoryEvent;
import io.sluice.proto.v1.HistoryRequest;
import io.sluice.proto.v1.LeaseGrant;
import io.sluice.proto.v1.LeaseRevoke;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.proto.v1.RemoveRequest;
import io.sluice.proto.v1.ServedFrom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node lends copies, and acknowledges no Remove before they are gone. */
@Timeout(30)
final class LeaseStreamsTest {
    private static final LeaseSettings SETTINGS = new LeaseSettings(Duration.ofSeconds(8), 100, 50, 2);

    private final FakeSource source = new FakeSource(System::nanoTime);
    private final SettableMembership membership = new SettableMembership(Cluster.of(0));
    private NodeUnderTest node = node(SETTINGS);
    private LeaseHolderUnderTest holder = new LeaseHolderUnderTest(node.cacheAsync()::lease);

    private NodeUnderTest node(LeaseSettings settings) {
        return node(settings, HotKeySettings.DEFAULTS);
    }

    private NodeUnderTest node(LeaseSettings settings, HotKeySettings hotKeys) {
        return new NodeUnderTest("n1", source, membership, NodeUnderTest.LIMITS, hotKeys, Coherence.GTID, settings);
    }

    @BeforeEach
    void begin() {
        membership.set(NodeUnderTest.topology(1, 1, node));
        node.applied.adopt(membership.topology());
        source.commit("1", "one");
        source.commit("2", "two");
    }

    @AfterEach
    void end() {
        node.close();
    }

    /** With leases so short that the test can wait for their end. */
    private void restartWithLeasesOf(Duration longest) {
        node.close();
        node = node(new LeaseSettings(longest, 100, 50, 2));
        membership.set(NodeUnderTest.topology(2, 1, node));
        node.applied.adopt(membership.topology());
        holder = new LeaseHolderUnderTest(node.cacheAsync()::lease);
    }

    private Future<PeerRemoveResponse> remove(RemovalScope scope, String key, SourcePosition position) {
        return remove(scope, key, position, NodeUnderTest.GROUP);
    }

    private Future<PeerRemoveResponse> remove(RemovalScope scope, String key, SourcePosition position, String group) {
        CompletableFuture<PeerRemoveResponse> acknowledged = new CompletableFuture<>();
        node.peerAsync()
                .remove(
                        PeerRemoveRequest.newBuilder()
                                .addPositions(Answers.position(position))
                                .addRemovals(Removal.newBuilder()
                                        .setGroup(group)
                                        .setScope(scope)
                                        .setKey(key))
                                .build(),
                        new Replies<>(acknowledged));
        return acknowledged;
    }

    private Future<PeerRemoveResponse> removeKey(String key, SourcePosition position) {
        return remove(RemovalScope.REMOVAL_SCOPE_KEY, key, position);
    }

    private static void acknowledged(Future<PeerRemoveResponse> removal) throws Exception {
        assertThat(removal.get(20, TimeUnit.SECONDS).getResultsCount()).isEqualTo(1);
    }

    @Test
    void whatIsLoadedIsLentAndThenWhatMemoryHas() throws InterruptedException {
        LeaseGrant loaded = holder.get("1");
        assertThat(loaded.getLeaseMillis()).isEqualTo(8_000);
        assertThat(loaded.getResult().getAnswer().getValue().toStringUtf8()).isEqualTo("one");
        LeaseGrant kept = holder.get("1");
        assertThat(kept.getLeaseMillis()).isEqualTo(8_000);
        assertThat(kept.getResult().getAnswer().getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(source.loads()).isEqualTo(1);
    }

    @Test
    void aMissCountsOnceAndSoDoesAHit() throws InterruptedException {
        holder.get("1");
        assertThat(node.store.stats().misses()).isEqualTo(1);
        holder.get("1");
        assertThat(node.store.stats().hits()).isEqualTo(1);
        assertThat(node.store.stats().misses()).isEqualTo(1);
    }

    @Test
    void aRemoveIsAcknowledgedWhenTheHolderHasConfirmed() throws Exception {
        holder.get("1");
        Future<PeerRemoveResponse> removal = removeKey("1", source.commit("1", "uno"));
        LeaseRevoke revoke = holder.revocation();
        assertThat(revoke.getKeysList()).containsExactly("1");
        assertThat(removal.isDone()).isFalse();
        holder.confirm(revoke);
        acknowledged(removal);
        assertThat(node.leases.isEmpty()).isTrue();
        // Counted right after the acknowledgement, or before it.
        await().untilAsserted(() -> assertThat(node.leaseWaits).containsExactly(true));
    }

    @Test
    void aRepeatedRemoveWaitsForTheSameCopies() throws Exception {
        holder.get("1");
        SourcePosition change = source.commit("1", "uno");
        Future<PeerRemoveResponse> first = removeKey("1", change);
        LeaseRevoke revoke = holder.revocation();
        Future<PeerRemoveResponse> second = removeKey("1", change);
        // Something that has nothing to wait for and comes after it is acknowledged; so it has been looked at.
        acknowledged(removeKey("other", change));
        assertThat(second.isDone()).isFalse();
        holder.confirm(revoke);
        acknowledged(first);
        acknowledged(second);
    }

    @Test
    void aRemoveThatTheCopyCoversWaitsForNothing() throws Exception {
        holder.get("1");
        acknowledged(removeKey("1", source.position()));
        assertThat(holder.received).isEmpty();
    }

    @Test
    void aSilentHolderIsWaitedForUntilItsLeaseEndsAndThenCutOff() throws Exception {
        restartWithLeasesOf(Duration.ofMillis(300));
        assertThat(holder.get("1").getLeaseMillis()).isEqualTo(300);
        acknowledged(removeKey("1", source.commit("1", "uno")));
        assertThat(node.leases.isEmpty()).isTrue();
        await().untilAsserted(() -> assertThat(node.leaseWaits).containsExactly(false));
        assertThat(holder.ended.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void groupAndTagTakeWhatIsLentOfThem() throws Exception {
        holder.get("1");
        holder.get("2");
        SourcePosition change = source.commit("1", "uno");
        Future<PeerRemoveResponse> byTag = remove(RemovalScope.REMOVAL_SCOPE_TAG, "id:1", change);
        LeaseRevoke revoke = holder.revocation();
        assertThat(revoke.getKeysList()).containsExactly("1");
        holder.confirm(revoke);
        acknowledged(byTag);
        for (RemovalScope scope : List.of(RemovalScope.REMOVAL_SCOPE_GROUP, RemovalScope.REMOVAL_SCOPE_HISTORY)) {
            node.source.commit("2", "due");
            Future<PeerRemoveResponse> all = remove(scope, "", change);
            LeaseRevoke whole = holder.revocation();
            assertThat(whole.getKeysList()).isEmpty();
            assertThat(all.isDone()).isFalse();
            holder.confirm(whole);
            acknowledged(all);
            if (scope == RemovalScope.REMOVAL_SCOPE_GROUP) {
                assertThat(holder.get("2").getLeaseMillis()).isPositive();
            }
        }
    }

    /**
     *
     *
     * <pre>
     * 1: asks for the key; the load reads the old row
     *    MySQL: the row changes; Remove: finds nothing in memory and nothing lent; done
     * 1: the load ends, and its answer goes out: not to be kept
     * </pre>
     */
    @Test
    void whatAnswersALoadThatARemoveOvertookIsNotLent() throws Exception {
        Gate gate = new Gate();
        source.afterRow(gate);
        holder.ask("1");
        gate.awaitReached();
        acknowledged(removeKey("1", source.commit("1", "uno")));
        gate.open();
        LeaseGrant grant = holder.grant();
        assertThat(grant.getResult().getAnswer().getValue().toStringUtf8()).isEqualTo("one");
        assertThat(grant.getLeaseMillis()).isZero();
        assertThat(holder.get("1").getLeaseMillis()).isPositive();
    }

    @Test
    void whatIsNotKeptIsNotLent() throws InterruptedException {
        source.notKeepable();
        assertThat(holder.get("1").getLeaseMillis()).isZero();
    }

    @Test
    void withoutALeaseOfItsOwnANodeLendsNothing() throws InterruptedException {
        holder.get("1");
        node.holdings.countedOn(false);
        LeaseGrant grant = holder.get("1");
        assertThat(grant.getResult().hasAnswer()).isTrue();
        assertThat(grant.getLeaseMillis()).isZero();
    }

    @Test
    void aNodeThatDoesNotHoldTheKeyForwardsAndLendsNothing() throws InterruptedException {
        try (NodeUnderTest other = new NodeUnderTest("n2", source, membership, NodeUnderTest.LIMITS)) {
            membership.set(NodeUnderTest.topology(2, 1, node, other));
            String key = Cluster.keyHeldBy(membership.topology(), NodeUnderTest.GROUP, "n2");
            source.commit(key, "theirs");
            LeaseGrant grant = holder.get(key);
            assertThat(grant.getResult().getAnswer().getValue().toStringUtf8()).isEqualTo("theirs");
            assertThat(grant.getLeaseMillis()).isZero();
            assertThat(node.forwards).hasSize(1);
            // What a node asks on the peers' stream is never forwarded on.
            LeaseHolderUnderTest peer = new LeaseHolderUnderTest(node.peerAsync()::lease);
            assertThat(peer.get(key).getLeaseMillis()).isZero();
            assertThat(node.forwards).hasSize(1);
        }
    }

    @Test
    void aCopyOfAHotKeyAnswersAtANodeThatDoesNotHoldItAndIsNotLentOn() throws InterruptedException {
        node.close();
        node = node(SETTINGS, new HotKeySettings(true, Duration.ofSeconds(2), 3, 4));
        holder = new LeaseHolderUnderTest(node.cacheAsync()::lease);
        try (NodeUnderTest other = new NodeUnderTest("n2", source, membership, NodeUnderTest.LIMITS)) {
            membership.set(NodeUnderTest.topology(2, 1, node, other));
            String key = Cluster.keyHeldBy(membership.topology(), NodeUnderTest.GROUP, "n2");
            source.commit(key, "theirs");
            await().until(() -> {
                assertThat(holder.get(key).getLeaseMillis()).isZero();
                return node.hotServed.get() > 0;
            });
            int served = node.hotServed.get();
            int forwards = node.forwards.size();

            LeaseGrant grant = holder.get(key);

            assertThat(grant.getResult().getAnswer().getValue().toStringUtf8()).isEqualTo("theirs");
            assertThat(grant.getResult().getAnswer().getInfo().getServedBy()).isEqualTo("n2");
            assertThat(grant.getLeaseMillis()).isZero();
            assertThat(node.hotServed).as("found once").hasValue(served + 1);
            assertThat(node.forwards).hasSize(forwards);
            assertThat(node.store.stats().misses()).isZero();
        }
    }

    @Test
    void aBrokenStreamEndsNoLeaseSinceTheHolderMayNotKnow() throws Exception {
        restartWithLeasesOf(Duration.ofSeconds(1));
        holder.get("1");
        holder.requests.onError(Status.CANCELLED.asRuntimeException());
        await().until(() -> node.leaseStreams.size() == 0);
        assertThat(node.leases.size()).isEqualTo(1);
        acknowledged(removeKey("1", source.commit("1", "uno")));
        await().untilAsserted(() -> assertThat(node.leaseWaits).containsExactly(false));
    }

    @Test
    void aHolderThatEndsItsStreamHasNothingAnyMore() throws Exception {
        holder.get("1");
        Future<PeerRemoveResponse> removal = removeKey("1", source.commit("1", "uno"));
        holder.requests.onCompleted();
        acknowledged(removal);
        assertThat(node.leases.isEmpty()).isTrue();
        assertThat(holder.ended.get(10, TimeUnit.SECONDS).isOk()).isTrue();
    }

    /**
     * The sync service still has the group. 1: it is dropped here. 2: a key of it is removed. 3: the holder confirms.
     */
    @Test
    void aRemoveOfAGroupThatWasDroppedWaitsForWhatItHadLent() throws Exception {
        holder.get("1");
        node.drop();
        LeaseRevoke revoke = holder.revocation();
        Future<PeerRemoveResponse> removal = removeKey("1", source.commit("1", "uno"));
        acknowledged(remove(RemovalScope.REMOVAL_SCOPE_KEY, "1", source.position(), "no such group"));
        assertThat(removal.isDone()).isFalse();
        holder.confirm(revoke);
        acknowledged(removal);
    }

    /** By the definition that the copy is of, its key may have carried the tag. */
    @Test
    void aRemoveByATagWaitsForWhatWasLentByTheDefinitionOfBefore() throws Exception {
        holder.get("1");
        node.redefine(9);
        LeaseRevoke revoke = holder.revocation();
        SourcePosition change = source.commit("1", "uno");
        Future<PeerRemoveResponse> removal = remove(RemovalScope.REMOVAL_SCOPE_TAG, "id:2", change);
        acknowledged(removeKey("other", change));
        assertThat(removal.isDone()).isFalse();
        holder.confirm(revoke);
        acknowledged(removal);
    }

    @Test
    void anotherDefinitionRevokesAndIsToldApart() throws InterruptedException {
        holder.get("1");
        node.redefine(9);
        assertThat(holder.revocation().getKeysList()).isEmpty();
        holder.ask("1", 8);
        assertThat(holder.grant().getResult().getError().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION.value());
        holder.ask("1", 9);
        assertThat(holder.grant().getLeaseMillis()).isPositive();
    }

    @Test
    void keysThatAreNotHeldAnyMoreAreWaitedFor() throws Exception {
        holder.get("1");
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> node.leases.retainOnly(hash -> false));
        LeaseRevoke revoke = holder.revocation();
        assertThat(closing.isDone()).isFalse();
        holder.confirm(revoke);
        closing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aRemoveOfAnApplicationWaitsAsWell() throws Exception {
        holder.get("1");
        CompletableFuture<Integer> removal = CompletableFuture.supplyAsync(() -> node.cache()
                .remove(RemoveRequest.newBuilder()
                        .setGroup(NodeUnderTest.GROUP)
                        .addKeys("1")
                        .build())
                .getAcknowledged());
        LeaseRevoke revoke = holder.revocation();
        assertThat(removal.isDone()).isFalse();
        holder.confirm(revoke);
        assertThat(removal.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void theFlightRecorderTellsToWhomAKeyWasLentAndWhatRevokedIt() throws Exception {
        holder.get("1");
        SourcePosition lent = source.position();
        SourcePosition change = source.commit("1", "uno");
        Future<PeerRemoveResponse> removal = removeKey("1", change);
        holder.confirm(holder.revocation());
        acknowledged(removal);
        holder.get("1");
        node.leases.ended(node.group);
        holder.confirm(holder.revocation());

        List<HistoryEvent> history = node.admin()
                .history(HistoryRequest.newBuilder()
                        .setGroup(NodeUnderTest.GROUP)
                        .setKey("1")
                        .build())
                .getEventsList();
        assertThat(history)
                .extracting(HistoryEvent::getEvent)
                .containsExactly("load", "admit", "lend", "remove", "revoke", "load", "admit", "lend", "revoke");
        assertThat(history.get(2).getPosition()).isEqualTo(Answers.position(lent));
        assertThat(history.get(2).getPeer()).matches("127\\.0\\.0\\.1:[0-9]+");
        assertThat(history.get(4).getPosition()).isEqualTo(Answers.position(change));
        assertThat(history.get(4).getPeer()).isEqualTo(history.get(2).getPeer());
        assertThat(history.getLast().hasPosition()).isFalse();
    }

    @Test
    void errorsComeWithTheirKeyAndDoNotEndTheStream() throws InterruptedException {
        assertThat(holder.get("").getResult().getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(holder.get("a/b").getResult().getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(holder.get("1").getResult().hasAnswer()).isTrue();
    }

    @Test
    void streamsAreBoundedAndEndWithTheServer() throws Exception {
        LeaseHolderUnderTest second = new LeaseHolderUnderTest(node.cacheAsync()::lease);
        second.get("1");
        holder.get("1");
        LeaseHolderUnderTest third = new LeaseHolderUnderTest(node.cacheAsync()::lease);
        assertThat(third.ended.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(node.stop()).isTrue();
        assertThat(second.ended.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
}
