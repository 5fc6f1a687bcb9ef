package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EtcdMembershipTest {
    private static final EtcdSettings SETTINGS = EtcdSettings.of(List.of("unused:1"), "school")
            .withLeaseTtl(Duration.ofSeconds(1))
            .withStartTimeout(Duration.ofSeconds(1));

    private final FakeEtcd etcd = new FakeEtcd();
    private @Nullable EtcdMembership opened;
    private long lastRing;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
            assertThat(etcd.open()).isZero();
        }
    }

    @Test
    void startsWithTheDocumentThatIsThere() {
        ring("a");

        assertThat(names(open())).containsExactly("a");
    }

    @Test
    void followsTheDocument() {
        EtcdMembership membership = openAndWatch();
        assertThat(membership.topology().revision()).isZero();

        ring("a", "b");
        await().until(() -> names(membership).equals(List.of("a", "b")));
        ring("b");
        await().until(() -> names(membership).equals(List.of("b")));
        assertThat(membership.topology().revision())
                .isEqualTo(Objects.requireNonNull(etcd.standing(ClusterKeys.TOPOLOGY))
                        .modRevision());
    }

    @Test
    void tellsListenersTheCurrentTopologyAndThenTheNextOnOneNamedThread() throws InterruptedException {
        EtcdMembership membership = openAndWatch();
        BlockingQueue<Topology> told = new LinkedBlockingQueue<>();
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        var unused = membership.addListener(topology -> {
            throw new IllegalStateException("a broken listener must not keep news from the others");
        });
        Membership.Subscription subscription = membership.addListener(topology -> {
            threads.add(Thread.currentThread().getName());
            told.add(topology);
        });

        assertThat(take(told).members()).isEmpty();
        ring("a");
        assertThat(take(told).members()).hasSize(1);
        subscription.close();
        ring("a", "b");
        await().until(() -> names(membership).size() == 2);
        assertThat(told).isEmpty();
        assertThat(threads).containsOnly("sluice-membership");
    }

    @Test
    void etcdBeingAwayNeverShrinksTheTopology() {
        ring("a");
        EtcdMembership membership = openAndWatch();

        etcd.goAway();
        ring("b");
        await().during(Duration.ofMillis(300)).until(() -> names(membership).equals(List.of("a")));
        etcd.comeBack();

        await().until(() -> names(membership).equals(List.of("b")));
    }

    @Test
    void findsOutThatAWatchIsDeadWithoutSayingSo() {
        EtcdMembership membership = openAndWatch();

        etcd.deafenWatches();
        ring("missed");
        assertThat(names(membership)).isEmpty();
        membership.refresh();

        await().until(() -> names(membership).equals(List.of("missed")));
    }

    @Test
    void isConfirmedSinceAMomentOnlyWhenEtcdAnsweredAfterIt() {
        EtcdMembership membership = openAndWatch();
        etcd.goAway();
        long moment = System.nanoTime();
        membership.refresh();
        await().during(Duration.ofMillis(300)).until(() -> !membership.confirmedSince(moment));

        etcd.comeBack();

        await().until(() -> membership.confirmedSince(moment));
        long later = System.nanoTime();
        assertThat(membership.confirmedSince(later)).isFalse();
        membership.refresh();
        await().until(() -> membership.confirmedSince(later));
    }

    @Test
    void goesOnAfterAFailureThatNobodyExpected() {
        EtcdMembership membership = openAndWatch();

        etcd.failNext(new IllegalStateException("not what a store should throw"));
        etcd.endWatches("broken");
        await().until(etcd::hasFailed);
        ring("a");

        await().until(() -> names(membership).equals(List.of("a")));
    }

    @Test
    void listsAnewAfterACompaction() {
        EtcdMembership membership = openAndWatch();
        int before = etcd.listings();

        etcd.endWatches("the requested revision has been compacted");
        await().until(() -> etcd.listings() > before && etcd.watches() == 1);
        ring("a");

        await().until(() -> names(membership).equals(List.of("a")));
    }

    @Test
    void etcdThatLostItsDataTakesNoTopologyAway() {
        ring("a", "b");
        EtcdMembership membership = openAndWatch();

        etcd.goAway();
        etcd.loseData();
        etcd.comeBack();
        await().until(() -> etcd.watches() == 1);
        assertThat(names(membership)).containsExactly("a", "b");
        ring("b");

        await().until(() -> names(membership).equals(List.of("b")));
    }

    @Test
    void malformedDocumentIsIgnored() {
        ring("a");
        EtcdMembership membership = openAndWatch();

        etcd.put(ClusterKeys.TOPOLOGY, "{");
        etcd.put(ClusterKeys.TOPOLOGY, "{\"rings\":[{\"id\":1,\"state\":\"upside down\"}],\"lastRingId\":1}");
        await().during(Duration.ofMillis(100)).until(() -> names(membership).equals(List.of("a")));
        ring("good");

        await().until(() -> names(membership).equals(List.of("good")));
    }

    @Test
    void saysWhatToDoWhenEtcdIsAwayAtTheStart() {
        etcd.goAway();

        assertThatThrownBy(() -> EtcdMembership.open(etcd.connect(), SETTINGS, 2))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("no use of etcd at http://unused:1 within 1 s: etcd is away")
                .hasMessageContaining("Check that etcd runs there");
        assertThat(etcd.open()).isZero();
    }

    private EtcdMembership open() {
        opened = EtcdMembership.open(etcd.connect(), SETTINGS, 2);
        return opened;
    }

    private EtcdMembership openAndWatch() {
        EtcdMembership membership = open();
        await().until(() -> etcd.watches() == 1);
        return membership;
    }

    /** Writes a document with one active ring of these members. */
    private void ring(String... names) {
        lastRing++;
        RingRecord ring = new RingRecord(
                lastRing,
                RingState.ACTIVE,
                Stream.of(names).map(name -> Member.of(name, "127.0.0.1", 1)).toList(),
                Map.of(),
                "");
        etcd.put(ClusterKeys.TOPOLOGY, TopologyJson.encode(new TopologyDocument(lastRing, List.of(ring))));
    }

    private static Topology take(BlockingQueue<Topology> queue) throws InterruptedException {
        Topology next = queue.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return Objects.requireNonNull(next);
    }

    private static List<String> names(Membership membership) {
        return membership.topology().members().stream().map(Member::name).toList();
    }
}
