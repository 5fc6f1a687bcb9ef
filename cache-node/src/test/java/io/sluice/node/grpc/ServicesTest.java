package io.sluice.node.grpc;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNAVAILABLE;
import static io.grpc.Status.Code.UNIMPLEMENTED;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.sluice.node.Failures;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.SettableMembership;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.GetStreamResponse;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.ReadOptions;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.proto.v1.RemoveRequest;
import io.sluice.proto.v1.ServedFrom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One node that is its whole cluster, asked over a real connection. */
@Timeout(30)
final class ServicesTest {
    private static final String BAD_POSITION = "not a position";

    private final FakeSource source = new FakeSource(System::nanoTime);
    private final SettableMembership membership = new SettableMembership(Cluster.of(1, "n1"));
    private NodeUnderTest node = new NodeUnderTest("n1", source, membership, LIMITS);

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void getLoadsAndThenAnswersFromMemory() {
        source.commit("1", "one");

        assertThat(get("1").getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_SOURCE);
        Answer kept = get("1");

        assertThat(kept.getValue().toStringUtf8()).isEqualTo("one");
        assertThat(kept.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(kept.getInfo().getServedBy()).isEqualTo("n1");
        assertThat(source.loads()).isEqualTo(1);
    }

    @Test
    void missingRowIsANormalAnswer() {
        assertThat(get("404").getFound()).isFalse();
        assertThat(get("404").getFound()).isFalse();
        assertThat(source.loads()).isEqualTo(1);
    }

    @Test
    void memoryHitIsAnsweredOnTheNetworkThreadAndAMissIsNot() {
        List<Thread> loaders = new CopyOnWriteArrayList<>();
        source.beforePosition(key -> loaders.add(Thread.currentThread()));
        source.commit("1", "one");
        get("1");
        assertThat(loaders).singleElement().matches(Thread::isVirtual);
        assertThat(node.store.readers().getFirst()).contains("ELG");

        node.store.readers().clear();
        get("1");

        assertThat(node.store.readers())
                .as("one look at memory, and nothing was handed off")
                .singleElement()
                .asString()
                .contains("ELG");
    }

    @Test
    void unknownGroupNamesTheNearestOne() {
        assertRefused(
                NOT_FOUND,
                () -> node.cache().get(request("1").setGroup("studnet").build()),
                "did you mean student");
        assertRefused(
                NOT_FOUND, () -> node.cache().get(request("1").setGroup("zzz").build()), "its groups are student");
    }

    @Test
    void badKeysAreRefusedWithoutALoad() {
        assertRefused(INVALID_ARGUMENT, () -> get(""), "The key is empty");
        assertRefused(INVALID_ARGUMENT, () -> get("ü".repeat(33)), "66 bytes", "64 (limits.key)");
        assertRefused(INVALID_ARGUMENT, () -> get("a/b"), "does not fit the key template of group student");
        assertThat(source.loads()).isZero();
    }

    @Test
    void badOptionsAreRefused() {
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.cache()
                        .get(request("1")
                                .setOptions(ReadOptions.newBuilder().setMaxStalenessMillis(0))
                                .build()),
                "max_staleness_millis is 0: give at least 1");
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.cache()
                        .get(request("1")
                                .setOptions(ReadOptions.newBuilder().setMinPosition(position(BAD_POSITION)))
                                .build()),
                "GTID set",
                BAD_POSITION);
    }

    @Test
    void failureOfTheSourceReachesTheCaller() {
        source.beforePosition(key -> {
            throw Failures.unavailable("Source app did not answer");
        });
        assertRefused(UNAVAILABLE, () -> get("1"), "Source app did not answer");
    }

    @Test
    void defectsAreAnsweredToo() {
        source.beforePosition(key -> {
            throw new IllegalStateException("a defect");
        });
        assertRefused(Status.Code.INTERNAL, () -> get("1"), "IllegalStateException");
        source.beforePosition(key -> {
            throw new StackOverflowError();
        });
        assertRefused(Status.Code.INTERNAL, () -> get("1"), "StackOverflowError");
    }

    @Test
    void whatIsNotImplementedSaysSoAsTheNodesOwnAnswer() throws Exception {
        assertRefused(
                UNIMPLEMENTED,
                ServicesTest.<GetStreamResponse>failureOf(
                        reply -> node.cacheAsync().getStream(reply)));
    }

    @Test
    void groupCacheClientsGetTheSameValues() {
        source.commit("1", "one");

        assertThat(node.groupCache().get(groupCacheRequest("1")).getValue().toStringUtf8())
                .isEqualTo("one");
        assertThat(node.groupCache().get(groupCacheRequest("1")).getValue().toStringUtf8())
                .isEqualTo("one");
        assertThat(source.loads()).isEqualTo(1);
        assertRefused(NOT_FOUND, () -> node.groupCache().get(groupCacheRequest("2")), "no row for this key");
        assertRefused(NOT_FOUND, () -> node.groupCache().get(groupCacheRequest("2")), "no row for this key");
        assertRefused(INVALID_ARGUMENT, () -> node.groupCache().get(groupCacheRequest("")), "The key is empty");
    }

    @Test
    void badRemovalsOfApplicationsAreRefused() {
        RemoveRequest.Builder remove = RemoveRequest.newBuilder().setGroup(GROUP);
        assertRefused(INVALID_ARGUMENT, () -> node.cache().remove(remove.build()), "no keys");
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.cache().remove(remove.clone().addKeys("").build()),
                "empty");
        assertRefused(
                INVALID_ARGUMENT,
                () -> node.cache()
                        .remove(remove.clone()
                                .addKeys("1")
                                .setPosition(position(BAD_POSITION))
                                .build()),
                BAD_POSITION);
        assertRefused(
                NOT_FOUND,
                () -> node.cache()
                        .remove(remove.clone().setGroup("students").addKeys("1").build()),
                "did you mean student");
    }

    @Test
    void readsOverTheLimitAreRefusedButRemovalsAreNot() throws Exception {
        node.close();
        node = new NodeUnderTest(
                "n1", source, membership, new RequestLimits(64, 5_000, 10, 20, 1, 10_000, Duration.ofSeconds(10)));
        source.commit("1", "one");
        get("1");
        Gate gate = new Gate();
        source.beforePosition(gate);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> first = callers.submit(() -> get("2"));
            gate.awaitReached();

            assertRefused(RESOURCE_EXHAUSTED, () -> get("3"), "1 reads waiting", "limits.pending-reads");
            assertThat(get("1").getFound()).as("memory goes on").isTrue();
            node.peer()
                    .remove(PeerRemoveRequest.newBuilder()
                            .addPositions(Position.getDefaultInstance())
                            .addRemovals(removal("1"))
                            .build());
            assertThat(node.holds("1")).isFalse();

            gate.open();
            first.get();
        }
    }

    private Answer get(String key) {
        return node.cache().get(request(key).build()).getAnswer();
    }

    private static GetRequest.Builder request(String key) {
        return GetRequest.newBuilder().setGroup(GROUP).setKey(key);
    }

    private static io.sluice.proto.groupcache.GetRequest groupCacheRequest(String key) {
        return io.sluice.proto.groupcache.GetRequest.newBuilder()
                .setGroup(GROUP)
                .setKey(key)
                .build();
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

    private static <R> StatusRuntimeException failureOf(Consumer<StreamObserver<R>> call) throws InterruptedException {
        CompletableFuture<R> answered = new CompletableFuture<>();
        call.accept(new Replies<>(answered));
        return Replies.failure(answered);
    }
}
