package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DispatcherTest {
    private static final String POSITION = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final FakeEvidence evidence = new FakeEvidence();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void everyHolderIsToldOnceAndThenTheRemovalIsDone() {
        FakeNode a = node("a");
        FakeNode b = node("b");
        Dispatcher dispatcher = dispatcher(topology(1, 2, a.member(), b.member()));

        submit(dispatcher, "k1");

        await().until(() -> done.contains("k1"));
        assertThat(a.removals()).containsExactly("g/k1@" + POSITION);
        assertThat(b.removals()).containsExactly("g/k1@" + POSITION);
        assertThat(a.requests.getFirst().getHeader().getSender()).isEqualTo("sync-1");
        assertThat(a.requests.getFirst().getHeader().getTopologyRevision()).isEqualTo(1);
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void aPositionIsToldToEveryMemberThatEtcdShowsAndToNoOther() {
        FakeNode a = node("a");
        FakeNode b = node("b");
        Dispatcher dispatcher = dispatcher(topology(7, 1, a.member(), b.member()));
        ApplyPositionRequest position =
                ApplyPositionRequest.newBuilder().setSource("app").build();
        List<ApplyPositionResponse> answers = new CopyOnWriteArrayList<>();

        dispatcher.tell(position, 6, answers::add);
        await().until(() -> a.positions.size() == 1 && b.positions.size() == 1);
        await().until(() -> answers.size() == 2);
        assertThat(answers).allMatch(ApplyPositionResponse::getAccepted);
        assertThat(a.positions.getFirst().getHeader().getTopologyRevision())
                .as("whatever is known by now")
                .isEqualTo(6);

        evidence.missing.add(b.member());
        dispatcher.tell(position, 6, answers::add);
        await().until(() -> a.positions.size() == 2);
        assertThat(b.positions).hasSize(1);
    }

    /** So an instance that cannot see etcd notices also where nothing changes that it would have to remove. */
    @Test
    void whoIsToldAPositionSaysWhichTopologyItKnows() {
        FakeNode a = node("a");
        evidence.confirmed = false;
        Dispatcher dispatcher = dispatcher(topology(7, 1, a.member()));
        a.topologyRevision = 7;
        dispatcher.tell(ApplyPositionRequest.getDefaultInstance(), 7, answer -> {});
        await().until(() -> a.positions.size() == 1);
        assertThat(dispatcher.heardOfNewer()).isFalse();

        a.topologyRevision = 8;
        dispatcher.tell(ApplyPositionRequest.getDefaultInstance(), 7, answer -> {});

        await().until(dispatcher::heardOfNewer);
    }

    @Test
    void aKeyGoesOnlyToItsHoldersAndAGroupToAllMembers() {
        FakeNode a = node("a");
        FakeNode b = node("b");
        FakeNode c = node("c");
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member(), b.member(), c.member()));

        submit(dispatcher, "k1");
        await().until(() -> done.contains("k1"));
        assertThat(a.removals().size() + b.removals().size() + c.removals().size())
                .isEqualTo(1);

        dispatcher.submit(Removal.ofGroup("g", ""), () -> done.add("group"));
        await().until(() -> done.contains("group"));
        assertThat(List.of(a, b, c))
                .allSatisfy(node -> assertThat(node.removals()).contains("g/@"));
    }

    @Test
    void whatComesInDuringACallGoesOutAsOneBatchWithEqualRemovalsAndPositionsOnce() throws Exception {
        FakeNode a = node("a");
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        a.behaviour = request -> {
            called.countDown();
            awaitLatch(answer);
            return Status.OK;
        };
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()));
        submit(dispatcher, "first");
        called.await();
        for (int i = 0; i < 100; i++) {
            submit(dispatcher, "k" + i % 10);
        }
        answer.countDown();

        await().until(() -> dispatcher.inFlight() == 0);
        assertThat(a.requests).hasSize(2);
        PeerRemoveRequest batch = a.requests.get(1);
        assertThat(batch.getRemovalsCount()).isEqualTo(10);
        assertThat(batch.getPositionsCount()).isEqualTo(1);
    }

    @Test
    void batchesAreBoundedByNumber() throws Exception {
        FakeNode a = node("a");
        CountDownLatch answer = new CountDownLatch(1);
        a.behaviour = request -> {
            awaitLatch(answer);
            return Status.OK;
        };
        DispatchSettings usual = fastRetries();
        DispatchSettings settings = new DispatchSettings(
                10,
                usual.maxBatchBytes(),
                usual.linger(),
                usual.window(),
                usual.maxBacklog(),
                usual.rpcTimeout(),
                usual.retryInitial(),
                usual.retryMax());
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()), settings);
        for (int i = 0; i < 95; i++) {
            submit(dispatcher, "k" + i);
        }
        answer.countDown();

        await().until(() -> dispatcher.inFlight() == 0);
        assertThat(a.requests)
                .allSatisfy(request -> assertThat(request.getRemovalsCount()).isLessThanOrEqualTo(10));
        assertThat(a.removals()).hasSize(95).doesNotHaveDuplicates();
    }

    @Test
    void aFailedCallIsRepeatedUntilTheNodeAnswers() {
        FakeNode a = node("a");
        AtomicInteger calls = new AtomicInteger();
        a.behaviour = request -> calls.incrementAndGet() < 5 ? Status.UNAVAILABLE : Status.OK;
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()));

        submit(dispatcher, "k1");

        await().until(() -> done.contains("k1"));
        assertThat(calls).hasValue(5);
        assertThat(dispatcher.failingMembers()).isEmpty();
    }

    @Test
    void aNodeThatIsDownIsServedWhenItComesBackOnItsPort() {
        FakeNode first = new FakeNode("a");
        Member member = first.member();
        first.close();
        Dispatcher dispatcher = dispatcher(topology(1, 1, member));
        submit(dispatcher, "k1");
        await().until(() -> dispatcher.failingMembers().contains("a"));

        FakeNode again = new FakeNode("a", 0, member.port());
        open.add(again);

        await().until(() -> done.contains("k1"));
        assertThat(again.removals()).containsExactly("g/k1@" + POSITION);
    }

    @Test
    void aNodeThatDoesNotAnswerHoldsUpNoOther() {
        FakeNode slow = node("slow");
        FakeNode fast = node("fast");
        CountDownLatch answer = new CountDownLatch(1);
        slow.behaviour = request -> {
            awaitLatch(answer);
            return Status.OK;
        };
        Dispatcher dispatcher = dispatcher(topology(1, 2, slow.member(), fast.member()));
        for (int i = 0; i < 50; i++) {
            submit(dispatcher, "k" + i);
        }

        await().until(() -> fast.removals().size() == 50);
        assertThat(done).isEmpty();
        assertThat(dispatcher.inFlight()).isEqualTo(50);

        answer.countDown();
        await().until(() -> done.size() == 50);
    }

    @Test
    void aHolderThatCameWhileTheOthersAcknowledgedMustAcknowledgeAsWell() throws Exception {
        FakeNode a = node("a");
        FakeNode b = node("b");
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        a.behaviour = request -> {
            called.countDown();
            awaitLatch(answer);
            return Status.OK;
        };
        b.behaviour = request -> Status.UNAVAILABLE;
        Dispatcher dispatcher = dispatcher(topology(1, 2, a.member()));
        submit(dispatcher, "k1");
        called.await();

        dispatcher.adopt(topology(2, 2, a.member(), b.member()));
        answer.countDown();
        await().until(() -> dispatcher.failingMembers().contains("b"));
        assertThat(done).isEmpty();

        b.behaviour = request -> Status.OK;
        await().until(() -> done.contains("k1"));
        assertThat(b.removals()).containsExactly("g/k1@" + POSITION);
        assertThat(a.removals()).hasSize(1);
    }

    @Test
    void aNewLifeOfANodeIsAnotherHolder() {
        FakeNode old = new FakeNode("a", 1, 0);
        open.add(old);
        old.behaviour = request -> request.getHeader().getReceiverIncarnation() == 2
                ? Status.OK
                : Status.FAILED_PRECONDITION.withDescription("another incarnation");
        Dispatcher dispatcher = dispatcher(topology(1, 1, old.member()));
        submit(dispatcher, "k1");
        await().until(() -> dispatcher.failingMembers().contains("a"));

        Member next = old.member().withIncarnation(2);
        dispatcher.adopt(topology(2, 1, next));
        evidence.gone.add(old.member());

        await().until(() -> done.contains("k1"));
        assertThat(old.requests.getLast().getHeader().getReceiverIncarnation()).isEqualTo(2);
    }

    @Test
    void aReceiverThatKnowsANewerTopologyMakesTheRemovalWaitForIt() {
        FakeNode a = node("a");
        FakeNode b = node("b");
        a.topologyRevision = 2;
        Dispatcher dispatcher = dispatcher(topology(1, 2, a.member()));
        submit(dispatcher, "k1");
        await().until(() -> a.removals().size() == 1);
        assertThat(done).isEmpty();

        dispatcher.adopt(topology(2, 2, a.member(), b.member()));

        await().until(() -> done.contains("k1"));
        assertThat(b.removals()).hasSize(1);
    }

    @Test
    void aNewerRevisionOfTheSameMembersIsTakenAsSeenOnceEtcdWasAskedAgain() {
        FakeNode a = node("a");
        a.topologyRevision = 99;
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()), fastRetries(), Duration.ofMillis(20));

        submit(dispatcher, "k1");

        await().until(() -> done.contains("k1"));
    }

    @Test
    void aNewerRevisionIsNotTakenAsSeenWhileEtcdIsAway() {
        FakeNode a = node("a");
        FakeNode unknownHere = node("b");
        a.topologyRevision = 2;
        evidence.confirmed = false;
        Dispatcher dispatcher = dispatcher(topology(1, 2, a.member()), fastRetries(), Duration.ofMillis(5));
        submit(dispatcher, "k1");
        await().until(() -> a.removals().size() == 1);
        await().during(Duration.ofMillis(200)).until(done::isEmpty);
        assertThat(dispatcher.heardOfNewer()).isTrue();

        dispatcher.adopt(topology(2, 2, a.member(), unknownHere.member()));

        await().until(() -> done.contains("k1"));
        assertThat(unknownHere.removals()).hasSize(1);
        assertThat(dispatcher.heardOfNewer()).isFalse();
    }

    /** etcd loses its data: revisions begin anew, and 11 is newer than 10, whatever was heard in the old history. */
    @Test
    void whatWasHeardOfALostHistoryOpensNothingInTheNext() {
        FakeNode a = node("a");
        FakeNode unknownHere = node("b");
        a.topologyRevision = 5_000;
        Dispatcher dispatcher = dispatcher(topology(4_000, 2, a.member()), fastRetries(), Duration.ofMillis(1));
        submit(dispatcher, "k1");
        await().until(() -> done.contains("k1"));

        evidence.confirmed = false;
        dispatcher.adopt(topology(10, 2, a.member()));
        assertThat(dispatcher.heardOfNewer()).isFalse();
        a.topologyRevision = 11;
        submit(dispatcher, "k2");
        await().until(dispatcher::heardOfNewer);
        assertThat(done).doesNotContain("k2");

        dispatcher.adopt(topology(11, 2, a.member(), unknownHere.member()));

        await().until(() -> done.contains("k2"));
        assertThat(unknownHere.removals()).containsExactly("g/k2@" + POSITION);
    }

    @Test
    void withoutAnyNodeARemovalWaitsForTheFirst() {
        Dispatcher dispatcher = dispatcher(topology(1, 2));
        submit(dispatcher, "k1");
        assertThat(dispatcher.hasMembers()).isFalse();
        assertThat(done).isEmpty();

        FakeNode a = node("a");
        dispatcher.adopt(topology(2, 2, a.member()));

        await().until(() -> done.contains("k1"));
        assertThat(a.removals()).hasSize(1);
    }

    @Test
    void aRefusedRemovalBecomesItsWholeGroupAndTheRestOfTheBatchGoesThrough() throws Exception {
        FakeNode a = node("a");
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        a.behaviour = request -> {
            called.countDown();
            awaitLatch(answer);
            boolean bad = request.getRemovalsList().stream()
                    .anyMatch(removal -> removal.getKey().equals("bad"));
            return bad ? Status.INVALID_ARGUMENT : Status.OK;
        };
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()));
        submit(dispatcher, "first");
        called.await();
        for (int i = 0; i < 20; i++) {
            submit(dispatcher, i == 13 ? "bad" : "k" + i);
        }
        answer.countDown();

        await().until(() -> dispatcher.inFlight() == 0);
        assertThat(a.removals()).hasSize(21).contains("g/@").doesNotContain("g/bad@" + POSITION);
    }

    /**
     * The first of them makes the thread of the lane end; the others are in the same batch, and the last comes later.
     */
    @Test
    void aLaneThatEndsByAnErrorIsFollowedByAnotherThatTellsWhatItLeft() throws Exception {
        FakeNode a = node("a");
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        a.behaviour = request -> {
            called.countDown();
            awaitLatch(answer);
            return Status.OK;
        };
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()));
        submit(dispatcher, "first");
        called.await();
        dispatcher.submit(Removal.ofKey("g", "bad", POSITION), () -> {
            done.add("bad");
            throw new IllegalStateException("on purpose");
        });
        submit(dispatcher, "k1");
        submit(dispatcher, "k2");
        answer.countDown();
        await().until(() -> done.contains("bad"));

        await().until(() -> done.containsAll(List.of("k1", "k2")));
        submit(dispatcher, "k3");
        await().until(() -> done.contains("k3"));
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void nothingIsReportedDoneAfterClosing() {
        FakeNode a = node("a");
        a.behaviour = request -> Status.UNAVAILABLE;
        Dispatcher dispatcher = dispatcher(topology(1, 1, a.member()));
        submit(dispatcher, "k1");
        await().until(() -> dispatcher.failingMembers().contains("a"));

        dispatcher.close();

        assertThat(done).isEmpty();
        assertThat(dispatcher.inFlight()).isEqualTo(1);
    }

    private void submit(Dispatcher dispatcher, String key) {
        dispatcher.submit(Removal.ofKey("g", key, POSITION), () -> done.add(key));
    }

    private FakeNode node(String name) {
        FakeNode node = new FakeNode(name);
        open.add(node);
        return node;
    }

    private static Topology topology(long revision, int replicationFactor, Member... members) {
        return Topology.of(revision, List.of(members), replicationFactor);
    }

    private Dispatcher dispatcher(Topology topology) {
        return dispatcher(topology, fastRetries());
    }

    private Dispatcher dispatcher(Topology topology, DispatchSettings settings) {
        return dispatcher(topology, settings, Duration.ofSeconds(1));
    }

    private Dispatcher dispatcher(Topology topology, DispatchSettings settings, Duration revisionPatience) {
        Dispatcher dispatcher = new Dispatcher("sync-1", evidence, settings, revisionPatience, metrics());
        open.add(dispatcher);
        dispatcher.adopt(topology);
        return dispatcher;
    }

    private static DispatchSettings fastRetries() {
        Duration longCall = Duration.ofSeconds(60);
        DispatchSettings usual = DispatchSettings.DEFAULTS;
        return new DispatchSettings(
                usual.maxBatch(),
                usual.maxBatchBytes(),
                longCall,
                usual.window(),
                usual.maxBacklog(),
                longCall,
                Duration.ofMillis(1),
                Duration.ofMillis(20));
    }

    private static SyncMetrics metrics() {
        return new SyncMetrics(new PrometheusRegistry());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
