package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.cluster.TopologyDocument;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a removal is done while rings change; nodes answer only when told to. One holder in each ring. */
final class DoneRuleTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final FakeEvidence evidence = new FakeEvidence();
    private FakeNode a;
    private FakeNode b;
    private FakeNode c;
    private FakeNode d;
    private Dispatcher dispatcher;

    @BeforeEach
    void start() {
        a = node("a");
        b = node("b");
        c = node("c");
        d = node("d");
        DispatchSettings usual = DispatchSettings.DEFAULTS;
        DispatchSettings fastRetries = new DispatchSettings(
                usual.maxBatch(),
                usual.maxBatchBytes(),
                usual.linger(),
                usual.window(),
                usual.maxBacklog(),
                Duration.ofSeconds(60),
                Duration.ofMillis(1),
                Duration.ofMillis(20));
        SyncMetrics metrics = new SyncMetrics(new PrometheusRegistry());
        dispatcher = new Dispatcher("sync-1", evidence, fastRetries, metrics);
        open.add(dispatcher);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void holdersInEveryRingMustAcknowledge() {
        List<FakeNode> others = List.of(a, b, d);
        others.forEach(node -> node.behaviour = request -> Status.UNAVAILABLE);
        adopt(
                1,
                ring(1, RingState.CLOSING, a),
                ring(2, RingState.DRAINING, b),
                ring(3, RingState.ACTIVE, c),
                ring(4, RingState.ANNOUNCED, d));
        submit("k");
        await().until(() -> c.removals().size() == 1);

        for (FakeNode node : others) {
            assertThat(done).isEmpty();
            node.behaviour = request -> Status.OK;
            await().until(() -> node.removals().size() == 1);
        }

        await().until(() -> done.contains("k"));
    }

    @Test
    void aGroupIsRemovedOnMembersOfEveryRing() {
        adopt(1, ring(1, RingState.DRAINING, a, b), ring(2, RingState.ACTIVE, b, c), ring(3, RingState.ANNOUNCED, d));
        dispatcher.submit(Removal.ofGroup("g", ""), () -> done.add("g"));
        await().until(() -> done.contains("g"));
        assertThat(List.of(a, b, c, d))
                .allSatisfy(node -> assertThat(node.removals()).containsExactly("g/@"));
    }

    /** Any member may hold a key that carries it. */
    @Test
    void aTagIsRemovedOnMembersOfEveryRing() {
        adopt(1, ring(1, RingState.DRAINING, a, b), ring(2, RingState.ACTIVE, b, c), ring(3, RingState.ANNOUNCED, d));
        dispatcher.submit(Removal.ofTag("g", "city:Rome", ""), () -> done.add("tag"));
        await().until(() -> done.contains("tag"));
        assertThat(List.of(a, b, c, d))
                .allSatisfy(node -> assertThat(node.removals()).containsExactly("g/city:Rome@"));
    }

    /**
     * 1: the removal is sent to a, the holder by revision 1. 2: revision 2 announces a ring with b. 3: a acknowledges.
     * Done now would leave what b loads when its ring is active.
     */
    @Test
    void aRingAnnouncedWhileARemovalIsOnItsWayCounts() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        a.behaviour = request -> {
            asked.countDown();
            awaitLatch(answer);
            return Status.OK;
        };
        b.behaviour = request -> Status.UNAVAILABLE;
        adopt(1, ring(1, RingState.ACTIVE, a));
        submit("k");
        asked.await();

        adopt(2, ring(1, RingState.ACTIVE, a), ring(2, RingState.ANNOUNCED, b));
        answer.countDown();
        await().until(() -> a.removals().size() == 1 && failing("b"));
        assertThat(done).isEmpty();

        b.behaviour = request -> Status.OK;
        await().until(() -> done.contains("k"));
    }

    /**
     * 1: a removal is decided by revision 1. 2: revision 2 is adopted and confirmed. 3: what was decided by revision 1
     * is done. So adopting waits for 3.
     */
    @Test
    void adoptingReturnsOnlyWhenWhatWasDecidedBeforeHasEnded() throws Exception {
        CountDownLatch decided = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        adopt(1, ring(1, RingState.ACTIVE, a));
        dispatcher.submit(Removal.ofKey("g", "k", ""), () -> {
            decided.countDown();
            awaitLatch(goOn);
            done.add("k");
        });
        decided.await();
        Thread adopting = Thread.ofPlatform().start(() -> {
            adopt(2, ring(1, RingState.ACTIVE, a), ring(2, RingState.ANNOUNCED, b));
            done.add("adopted");
        });
        await().until(() -> adopting.getState() == Thread.State.WAITING || done.contains("adopted"));
        assertThat(done).isEmpty();

        goOn.countDown();
        adopting.join();
        assertThat(done).containsExactlyInAnyOrder("k", "adopted");
    }

    /**
     * 1: b's key goes, by hand; b answers from memory for as long as it believes in its lease. 2: a row changes. 3: a
     * acknowledges. Done only when b's time is over.
     */
    @Test
    void aHolderThatDoesNotAnswerIsWaitedForUntilItIsGoneForGood() {
        b.behaviour = request -> Status.UNAVAILABLE;
        adopt(1, ring(1, RingState.DRAINING, b), ring(2, RingState.ACTIVE, a));
        submit("k");
        await().until(() -> a.removals().size() == 1 && failing("b"));
        assertThat(done).isEmpty();

        evidence.gone.add(b.member());

        await().until(() -> done.contains("k"));
        assertThat(dispatcher.failingMembers()).isEmpty();
    }

    @Test
    void whoIsGoneIsNotSentToAgain() {
        adopt(1, ring(1, RingState.ACTIVE, a, b));
        evidence.gone.add(b.member());
        b.behaviour = request -> Status.UNAVAILABLE;
        dispatcher.submit(Removal.ofGroup("g", ""), () -> done.add("first"));
        await().until(() -> done.contains("first"));

        dispatcher.submit(Removal.ofGroup("g", ""), () -> done.add("second"));
        await().until(() -> done.contains("second"));
        adopt(2, ring(1, RingState.DRAINING, a, b), ring(2, RingState.ACTIVE, a));
        dispatcher.submit(Removal.ofGroup("g", ""), () -> done.add("third"));
        await().until(() -> done.contains("third"));
        assertThat(a.removals()).hasSize(3);
    }

    @Test
    void aRemovalWhoseHoldersAreAllGoneIsDone() {
        b.behaviour = request -> Status.UNAVAILABLE;
        adopt(1, ring(1, RingState.ACTIVE, b));
        submit("k");
        await().until(() -> failing("b"));

        evidence.gone.add(b.member());

        await().until(() -> done.contains("k"));
    }

    @Test
    void aMemberWhoseRingClosedIsNotWaitedFor() {
        b.behaviour = request -> Status.UNAVAILABLE;
        adopt(1, ring(1, RingState.CLOSING, b), ring(2, RingState.ACTIVE, a));
        submit("k");
        await().until(() -> a.removals().size() == 1 && failing("b"));
        assertThat(done).isEmpty();

        adopt(2, ring(2, RingState.ACTIVE, a));

        await().until(() -> done.contains("k"));
    }

    /**
     * 1: b holds keys. 2: etcd loses its data, and the first document after that has only a. 3: a row changes; a
     * acknowledges. b still answers from memory until it finds its lease gone.
     */
    @Test
    void aMemberThatVanishesInTheMiddleIsToldUntilItIsGoneForGood() {
        adopt(5, ring(3, RingState.ACTIVE, a, b));
        b.behaviour = request -> Status.UNAVAILABLE;
        adopt(1, ring(1, RingState.ACTIVE, a));
        submit("k");
        await().until(() -> a.removals().size() == 1 && failing("b"));
        assertThat(done).isEmpty();

        b.behaviour = request -> Status.OK;
        await().until(() -> done.contains("k"));
        assertThat(b.removals()).hasSize(1);

        b.behaviour = request -> Status.UNAVAILABLE;
        submit("k2");
        await().until(() -> failing("b"));
        assertThat(done).doesNotContain("k2");
        evidence.departure = Duration.ofMillis(1);
        await().until(() -> done.contains("k2"));
    }

    /**
     * 1: b is the holder of every key, by ring 3. 2: the document is deleted; the next one names a and b in ring 4,
     * where a is the holder of the key; b has not seen it. 3: a row changes; a acknowledges. b still answers from
     * memory.
     */
    @Test
    void aMemberWhoseRingVanishesIsToldThoughTheNextNamesItForOtherKeys() {
        adopt(5, ring(3, RingState.ACTIVE, b));
        Topology next = Topology.of(6, new TopologyDocument(100, List.of(ring(4, RingState.ACTIVE, a, b))), 1);
        String ofA = keyOf(a, next);
        String ofB = keyOf(b, next);
        b.behaviour = request -> Status.UNAVAILABLE;
        dispatcher.adopt(next);
        submit(ofA);
        await().until(() -> a.removals().size() == 1 && failing("b"));
        assertThat(done).isEmpty();

        b.behaviour = request -> Status.OK;
        await().until(() -> done.contains(ofA));
        assertThat(b.removals()).hasSize(1);

        evidence.departure = Duration.ZERO;
        await().until(() -> {
            done.clear();
            int toldB = b.removals().size();
            submit(ofA);
            await().until(() -> done.contains(ofA));
            return b.removals().size() == toldB;
        });
        int toldB = b.removals().size();
        submit(ofB);
        await().until(() -> done.contains(ofB));
        assertThat(b.removals()).as("lingering has ended, it is not gone").hasSize(toldB + 1);
    }

    private static String keyOf(FakeNode node, Topology topology) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "k" + i)
                .filter(key -> topology.removalHolders(KeyHash.of("g", key)).equals(List.of(node.member())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bothLivesOfAMemberCount() {
        FakeNode reborn = new FakeNode("a", 7, 0);
        open.add(reborn);
        a.behaviour = request -> Status.UNAVAILABLE;
        adopt(1, ring(1, RingState.DRAINING, a), ring(2, RingState.ACTIVE, reborn));
        submit("k");
        await().until(() -> reborn.removals().size() == 1 && failing("a"));
        assertThat(done).isEmpty();

        evidence.gone.add(a.member());
        await().until(() -> done.contains("k"));
        assertThat(a.requests).isEmpty();
    }

    @Test
    void beforeTheFirstTopologyNothingIsDone() {
        submit("k");
        assertThat(dispatcher.revision()).isZero();
        assertThat(dispatcher.hasMembers()).isFalse();
        assertThat(done).isEmpty();

        adopt(4, ring(1, RingState.ANNOUNCED, a));

        await().until(() -> done.contains("k"));
        assertThat(dispatcher.revision()).isEqualTo(4);
    }

    private void submit(String key) {
        dispatcher.submit(Removal.ofKey("g", key, ""), () -> done.add(key));
    }

    private boolean failing(String name) {
        return dispatcher.failingMembers().contains(name);
    }

    private void adopt(long revision, RingRecord... rings) {
        TopologyDocument document = new TopologyDocument(100, List.of(rings));
        dispatcher.adopt(Topology.of(revision, document, 1));
    }

    private static RingRecord ring(long id, RingState state, FakeNode... nodes) {
        List<Member> members = new ArrayList<>();
        for (FakeNode node : nodes) {
            members.add(node.member());
        }
        return new RingRecord(id, state, members, Map.of(), "");
    }

    private FakeNode node(String name) {
        FakeNode node = new FakeNode(name);
        open.add(node);
        return node;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
