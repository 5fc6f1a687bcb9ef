package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The registration of one participant, on a fake etcd. */
class NodeParticipantTest {
    private static final String KEY = "members/node-1";

    private final EtcdScene scene = new EtcdScene();
    private final FakeEtcd etcd = scene.etcd;

    @AfterEach
    void close() throws Exception {
        scene.close();
        assertThat(etcd.open()).isZero();
    }

    @Test
    void keyStandsUnderALeaseOnceRegistered() {
        NodeParticipant node = register().participant;

        assertThat(node.registered()).isTrue();
        assertThat(node.leased()).isTrue();
        assertThat(MemberRecord.decode(standing())).isEqualTo(node.member());
        assertThat(node.member().incarnation()).isEqualTo(standing().createRevision());
        assertThat(standing().lease()).isPositive();
    }

    @Test
    void closeRevokesTheLease() {
        register().participant.close();

        assertThat(etcd.standing(KEY)).isNull();
        assertThat(etcd.leases()).isZero();
    }

    @Test
    void goesOnAfterAFailureThatNobodyExpected() {
        NodeParticipant node = register().participant;
        etcd.failNext(new IllegalStateException("not what a store should throw"));
        await().until(etcd::hasFailed);
        long failedNanos = System.nanoTime();

        await().until(() -> node.sinceConfirmed().toNanos() < System.nanoTime() - failedNanos);
    }

    @Test
    void returnsAsANewIncarnationWhenItsLeaseEnded() {
        EtcdScene.Node node = register();
        long first = node.participant.member().incarnation();

        etcd.endLease(standing().lease());
        await().until(() -> node.participant.member().incarnation() > first);

        await().until(() -> node.heard.size() == 3);
        assertThat(node.heard)
                .containsExactly(
                        "registered " + first,
                        "lost: its lease ended",
                        "registered " + node.participant.member().incarnation());
    }

    @Test
    void returnsAsANewIncarnationWhenItsKeyWasDeleted() {
        EtcdScene.Node node = register();
        long first = node.participant.member().incarnation();

        etcd.delete(KEY);
        await().until(() -> node.participant.member().incarnation() > first);

        assertThat(node.heard).contains("lost: its key was deleted");
        await().until(() -> etcd.leases() == 1);
    }

    @Test
    void trustsNoLeaseWhoseKeyIsForeign() {
        EtcdScene.Node node = register();

        etcd.delete(KEY);
        etcd.put(KEY, MemberRecord.encode(Member.of("node-1", "10.0.0.9", 7400), false));

        await().until(() -> node.heard.contains("lost: its key is another process's"));
        assertThat(node.participant.leased()).isFalse();
    }

    @Test
    void etcdBeingAwayForAWhileLosesNothingButTrust() {
        EtcdScene.Node node = register();
        long first = node.participant.member().incarnation();
        etcd.goAway();
        await().until(() -> !node.participant.leased());
        assertThat(node.participant.registered()).isTrue();
        etcd.comeBack();

        await().until(node.participant::leased);
        assertThat(node.participant.member().incarnation()).isEqualTo(first);
        assertThat(node.heard).hasSize(1);
    }

    @Test
    void waitsForTheKeyOfItsEarlierLifeToExpire() throws InterruptedException {
        etcd.put(KEY, "{}");
        long old = standing().createRevision();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread starting = new Thread(() -> {
            started.countDown();
            assertThat(register().participant.member().incarnation()).isGreaterThan(old);
            done.countDown();
        });
        starting.start();
        started.await();
        etcd.delete(KEY);

        done.await();
    }

    @Test
    void saysWhatToDoWhenALiveProcessHasTheName() {
        etcd.put(KEY, MemberRecord.encode(Member.of("node-1", "10.0.0.9", 7400), false));

        assertThatThrownBy(this::register)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("the name node-1 in cluster school is taken by incarnation 2 at 10.0.0.9:7400")
                .hasMessageContaining("give this node another name, or stop that process");
        assertThat(etcd.leases()).isZero();
    }

    @Test
    void saysWhatToDoWhenEtcdIsAwayAtTheStart() {
        EtcdMembership membership = scene.membership();
        etcd.goAway();

        assertThatThrownBy(() -> SyncParticipant.register(
                        etcd.connect(), EtcdScene.SETTINGS, "sync-1", membership, new EtcdScene.Sync()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("etcd is away")
                .hasMessageContaining("Check that etcd runs there");
        etcd.comeBack();
        await().atMost(Duration.ofSeconds(10)).until(() -> etcd.watches() == 1);
    }

    @Test
    void learnsThatAnotherLifeIsGoneOnlyWhenItMayNotAnswerAnyMore() throws Exception {
        RingChanges changes = EtcdScene.changes(false, Duration.ofMinutes(1));
        NodeParticipant node = scene.node("node-1", changes).participant;
        EtcdScene.Node second = scene.node("node-2", changes);
        Member dead = second.participant.member();
        await().until(() -> second.membership.topology().members().contains(dead));

        second.participant.close();

        await().until(() -> etcd.standing("members/node-2") == null);
        assertThat(node.isGone(dead)).isFalse();
        await().until(() -> node.isGone(dead));
        assertThat(node.isGone(node.member())).isFalse();
    }

    private EtcdScene.Node register() {
        return scene.node("node-1", EtcdScene.changes(false, Duration.ofMinutes(1)));
    }

    private EtcdStore.StoredKey standing() {
        return Objects.requireNonNull(etcd.standing(KEY));
    }
}
