package io.sluice.node.grpc;

import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.SettableMembership;
import io.sluice.node.read.Answers;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.PeekResponse;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalResult;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.proto.v1.ReplicateRequest;
import io.sluice.proto.v1.ReplicateResponse;
import io.sluice.proto.v1.ServedFrom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other nodes and the sync service ask of a node, over a real connection. */
@Timeout(30)
final class PeerServiceTest {
    private static final String BAD_POSITION = "not a position";

    private final FakeSource source = new FakeSource(System::nanoTime);
    private final SettableMembership membership = new SettableMembership(Cluster.of(1, "n1"));
    private final NodeUnderTest node = new NodeUnderTest("n1", source, membership, LIMITS);

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void removalsAreCheckedBeforeAnyIsApplied() {
        source.commit("1", "one");
        get("1");
        PeerRemoveRequest.Builder batch = PeerRemoveRequest.newBuilder()
                .addPositions(Position.getDefaultInstance())
                .addRemovals(removal("1"));

        assertRefused(
                INVALID_ARGUMENT,
                () -> node.peer()
                        .remove(batch.clone()
                                .addPositions(position(BAD_POSITION))
                                .build()),
                BAD_POSITION);
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.peer()
                        .remove(batch.clone()
                                .addRemovals(removal("2").toBuilder().setPositionIndex(1))
                                .build()),
                "position 1 of 1");
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.peer()
                        .remove(batch.clone()
                                .addRemovals(Removal.newBuilder().setGroup(GROUP))
                                .build()),
                "has no scope");
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.peer()
                        .remove(PeerRemoveRequest.newBuilder()
                                .addRemovals(removal("1"))
                                .build()),
                "position 0 of 0");
        assertThat(node.holds("1")).isTrue();
        node.peer().remove(batch.build());
        assertThat(node.holds("1")).isFalse();
    }

    @Test
    void removalAcknowledgesWhatIsUnknownAndWhatIsCovered() {
        source.commit("1", "one");
        get("1");
        PeerRemoveResponse response = node.peer()
                .remove(PeerRemoveRequest.newBuilder()
                        .addPositions(Answers.position(source.position()))
                        .addRemovals(removal("1"))
                        .addRemovals(removal("2"))
                        .addRemovals(removal("1").toBuilder().setGroup("dropped"))
                        .build());

        assertThat(response.getResultsList())
                .containsExactly(
                        RemovalResult.REMOVAL_RESULT_COVERED,
                        RemovalResult.REMOVAL_RESULT_REMOVED,
                        RemovalResult.REMOVAL_RESULT_REMOVED);
        assertThat(response.getReceipt().getTopologyRevision()).isEqualTo(1);
        assertThat(node.holds("1")).isTrue();
    }

    @Test
    void removalForAnotherIncarnationIsRefused() {
        assertRefused(
                FAILED_PRECONDITION,
                () -> node.peer()
                        .remove(PeerRemoveRequest.newBuilder()
                                .setHeader(PeerHeader.newBuilder().setReceiverIncarnation(6))
                                .build()),
                "another incarnation");
        node.peer()
                .remove(PeerRemoveRequest.newBuilder()
                        .setHeader(PeerHeader.newBuilder().setReceiverIncarnation(7))
                        .build());
    }

    @Test
    void peekTellsWhatIsInMemoryAndHowLongItHasLeft() {
        source.commit("1", "one");
        get("1");

        Copy copy = peek("1").getCopy();

        assertThat(copy.getFound()).isTrue();
        assertThat(copy.getValue().toStringUtf8()).isEqualTo("one");
        assertThat(copy.getStamp().getGtidSet()).isEqualTo(source.position().toString());
        assertThat(copy.getTtlMillis()).isBetween(1L, 600_000L);
        assertThat(copy.getGroup()).isEqualTo(GROUP);
        assertThat(copy.getKey()).isEqualTo("1");
    }

    @Test
    void positionThatIsToldLiftsWhatAPeekTells() {
        source.commit("1", "one");
        get("1");
        SourcePosition later = FakeSource.at(9);

        assertThat(tell(later, 0).getAccepted()).as("by a topology from before").isFalse();
        assertThat(peek("1").getCopy().getStamp().getGtidSet())
                .isEqualTo(source.position().toString());
        assertThat(tell(later, 1).getAccepted()).isTrue();
        assertThat(peek("1").getCopy().getStamp().getGtidSet()).isEqualTo(later.toString());
    }

    private ApplyPositionResponse tell(SourcePosition position, long revision) {
        return node.peer()
                .applyPosition(ApplyPositionRequest.newBuilder()
                        .setHeader(PeerHeader.newBuilder().setTopologyRevision(revision))
                        .setSource("app")
                        .setTopic("changes")
                        .setPartitions(1)
                        .setApplied(Position.newBuilder().setGtidSet(position.toString()))
                        .build());
    }

    @Test
    void peekNeitherLoadsNorForwards() {
        source.commit("1", "one");

        assertThat(peek("1").hasCopy()).isFalse();
        assertThat(source.loads()).isZero();
        assertThat(node.peer()
                        .peek(PeekRequest.newBuilder()
                                .setGroup("dropped")
                                .setKey("1")
                                .build())
                        .hasCopy())
                .isFalse();
    }

    @Test
    void peekIsNotAnsweredForKeysThatTheNodeMayNotHold() {
        source.commit("1", "one");
        get("1");

        node.holdings.countedOn(false);
        assertThat(peek("1").hasCopy()).isFalse();

        node.holdings.countedOn(true);
        membership.set(Cluster.of(2, "n2"));
        assertThat(peek("1").hasCopy()).isFalse();
    }

    @Test
    void peekForAnotherIncarnationIsRefused() {
        assertRefused(
                FAILED_PRECONDITION,
                () -> node.peer()
                        .peek(PeekRequest.newBuilder()
                                .setHeader(PeerHeader.newBuilder().setReceiverIncarnation(6))
                                .setGroup(GROUP)
                                .setKey("1")
                                .build()),
                "another incarnation");
    }

    @Test
    void copiesPassTheFenceOrAreCountedAsRefused() throws Exception {
        CompletableFuture<ReplicateResponse> answered = new CompletableFuture<>();
        StreamObserver<ReplicateRequest> stream = node.peerAsync().replicate(new Replies<>(answered));
        node.store.remove(node.group.storeKey("2"), FakeSource.at(9));
        Copy copy = Copy.newBuilder()
                .setGroup(GROUP)
                .setKey("1")
                .setFound(true)
                .setStamp(Answers.position(FakeSource.at(8)))
                .setTtlMillis(60_000)
                .build();
        stream.onNext(ReplicateRequest.newBuilder()
                .setSequence(1)
                .addCopies(copy)
                .addCopies(copy.toBuilder().setKey("2"))
                .addCopies(copy.toBuilder().setKey("3").clearStamp())
                .addCopies(copy.toBuilder().setKey("4").setTtlMillis(0))
                .addCopies(copy.toBuilder().setGroup("dropped"))
                .build());

        assertThat(answered.get().getSequence()).isEqualTo(1);
        assertThat(answered.get().getRefused()).isEqualTo(4);
        assertThat(node.holds("1")).isTrue();
        assertThat(node.holds("2")).isFalse();
        assertThat(node.holds("3")).isFalse();
    }

    /** However young it says it is: how long it travelled is not known. */
    @Test
    void copyThatCameUnaskedHasNoBoundOfItsOwnAndIsToldOnAsSuch() throws Exception {
        CompletableFuture<ReplicateResponse> answered = new CompletableFuture<>();
        StreamObserver<ReplicateRequest> stream = node.peerAsync().replicate(new Replies<>(answered));
        stream.onNext(batch(1));
        assertThat(answered.get().getRefused()).isZero();

        Answer copied = get("1");
        assertThat(copied.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(copied.getInfo().hasStalenessBoundMillis()).isFalse();
        assertThat(peek("1").getCopy().getAgeUnsure()).isTrue();

        source.commit("2", "loaded");
        get("2");
        assertThat(get("2").getInfo().hasStalenessBoundMillis()).isTrue();
        assertThat(peek("2").getCopy().getAgeUnsure()).isFalse();
    }

    @Test
    void batchesOfCopiesAreAppliedOneAtATimeAndNotOnTheNetworkThread() throws Exception {
        Gate gate = new Gate();
        BlockingQueue<String> puts = new LinkedBlockingQueue<>();
        node.store.beforePut(key -> {
            puts.add(key);
            gate.accept(key);
        });
        BlockingQueue<Long> answered = new LinkedBlockingQueue<>();
        StreamObserver<ReplicateRequest> stream = node.peerAsync().replicate(new StreamObserver<>() {
            @Override
            public void onNext(ReplicateResponse response) {
                answered.add(response.getSequence());
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                answered.add(-1L);
            }
        });
        stream.onNext(batch(1));
        gate.awaitReached();
        stream.onNext(batch(2));
        stream.onCompleted();

        // Over the same connection, so whatever was sent before has arrived.
        assertThat(peek("1").hasCopy()).isFalse();
        assertThat(puts).hasSize(1);
        gate.open();

        assertThat(answered.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(answered.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(answered.poll(10, TimeUnit.SECONDS)).isEqualTo(-1);
        assertThat(node.holds("1") && node.holds("2")).isTrue();
    }

    @Test
    void badCopyEndsTheStreamWithTheReason() throws Exception {
        CompletableFuture<ReplicateResponse> answered = new CompletableFuture<>();
        StreamObserver<ReplicateRequest> stream = node.peerAsync().replicate(new Replies<>(answered));
        stream.onNext(ReplicateRequest.newBuilder()
                .addCopies(Copy.newBuilder().setGroup(GROUP).setStamp(position(BAD_POSITION)))
                .build());
        stream.onCompleted();

        assertRefused(INVALID_ARGUMENT, Replies.failure(answered), BAD_POSITION);
    }

    @Test
    void stoppingServerDoesNotWaitForCopyStreams() throws Exception {
        CompletableFuture<ReplicateResponse> answered = new CompletableFuture<>();
        StreamObserver<ReplicateRequest> stream = node.peerAsync().replicate(new Replies<>(answered));
        stream.onNext(ReplicateRequest.newBuilder().setSequence(1).build());
        answered.get();

        assertThat(node.stop()).isTrue();
    }

    private static ReplicateRequest batch(int number) {
        return ReplicateRequest.newBuilder()
                .setSequence(number)
                .addCopies(Copy.newBuilder()
                        .setGroup(GROUP)
                        .setKey(Integer.toString(number))
                        .setFound(true)
                        .setStamp(Answers.position(FakeSource.at(8)))
                        .setTtlMillis(60_000))
                .build();
    }

    private PeekResponse peek(String key) {
        return node.peer()
                .peek(PeekRequest.newBuilder().setGroup(GROUP).setKey(key).build());
    }

    private Answer get(String key) {
        return node.cache().get(request(key).build()).getAnswer();
    }

    private static GetRequest.Builder request(String key) {
        return GetRequest.newBuilder().setGroup(GROUP).setKey(key);
    }

    private static Removal removal(String key) {
        return Removal.newBuilder()
                .setGroup(GROUP)
                .setScope(RemovalScope.REMOVAL_SCOPE_KEY)
                .setKey(key)
                .build();
    }

    private static Position position(String text) {
        return Position.newBuilder().setGtidSet(text).build();
    }
}
