package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes and sync instances that change the ring together, on a fake etcd. */
class RingChangeTest {
    private static final RingChanges LONG_WARM_UP = EtcdScene.changes(true, Duration.ofMinutes(1));
    private static final RingChanges SHORT_WARM_UP = EtcdScene.changes(true, Duration.ofMillis(50));

    private final EtcdScene scene = new EtcdScene();

    @AfterEach
    void close() throws Exception {
        scene.close();
        assertThat(scene.etcd.open()).isZero();
    }

    @Test
    void ringIsActiveWithItsFloorsWhenTheSyncServiceHasConfirmed() {
        EtcdScene.Sync sync = scene.sync("sync-1");
        EtcdScene.Node node = scene.node("node-1", LONG_WARM_UP);

        RingRecord active = awaitActive(node, "node-1");

        assertThat(active.floors()).containsExactly(Map.entry("app", EtcdScene.FLOOR));
        assertThat(active.members()).containsExactly(node.participant.member());
        assertThat(sync.heard).contains("floors");
    }

    @Test
    void withoutASyncServiceNothingBecomesActive() {
        EtcdScene.Node node = scene.node("node-1", LONG_WARM_UP);

        await().until(() -> !node.adopted.rings().isEmpty());
        await().during(Duration.ofMillis(300)).until(() -> node.adopted.activeRing() == null);

        scene.sync("late");
        awaitActive(node, "node-1");
    }

    @Test
    void clusterThatIsNotInvalidatedWaitsForNobody() {
        EtcdScene.Node node = scene.node("node-1", EtcdScene.changes(false, Duration.ofMinutes(1)));

        assertThat(awaitActive(node, "node-1").floors()).isEmpty();
    }

    @Test
    void joiningNodeWaitsForEverySyncInstance() {
        EtcdScene.Sync quick = scene.sync("sync-1");
        EtcdScene.Sync slow = scene.sync("sync-2");
        EtcdScene.Node first = scene.node("node-1", LONG_WARM_UP);
        awaitActive(first, "node-1");
        await().until(() -> slow.adopted.activeRing() != null);

        slow.mayAdopt = new CountDownLatch(1);
        EtcdScene.Node second = scene.node("node-2", LONG_WARM_UP);
        await().until(() -> quick.adopted.rings().size() == 2);
        await().during(Duration.ofMillis(300))
                .until(() -> names(second.membership.topology()).equals(List.of("node-1")));

        slow.mayAdopt.countDown();
        awaitActive(first, "node-1", "node-2");
        assertThat(first.adopted.rings())
                .extracting(RingRecord::state)
                .containsExactly(RingState.DRAINING, RingState.ACTIVE);
    }

    @Test
    void syncInstanceThatIsGoneIsNotWaitedFor() {
        scene.sync("sync-1");
        EtcdScene.Sync dying = scene.sync("sync-2");
        EtcdScene.Node first = scene.node("node-1", LONG_WARM_UP);
        awaitActive(first, "node-1");
        dying.mayAdopt = new CountDownLatch(1);
        scene.node("node-2", LONG_WARM_UP);

        dying.participant.close();

        awaitActive(first, "node-1", "node-2");
    }

    @Test
    void floorsThatCannotBeReadAreReadLater() {
        EtcdScene.Sync sync = scene.sync("sync-1");
        sync.floorFailures.set(2);
        EtcdScene.Node node = scene.node("node-1", LONG_WARM_UP);

        assertThat(awaitActive(node, "node-1").floors()).hasSize(1);
    }

    @Test
    void oldRingClosesAndGoesWhenItsMembersHaveConfirmed() {
        scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", SHORT_WARM_UP);
        awaitActive(first, "node-1");
        scene.node("node-2", SHORT_WARM_UP);
        awaitActive(first, "node-1", "node-2");

        await().until(() -> first.adopted.rings().size() == 1);
        assertThat(first.adopted.activeRing()).isNotNull();
    }

    /** Etcd comes back with the keys it had, so nothing but being in sight again tells the coordinator to look. */
    @Test
    void oldRingGoesThoughItsWarmUpEndedWhileEtcdWasAway() {
        Duration warmUp = Duration.ofMillis(800);
        RingChanges changes = EtcdScene.changes(true, warmUp);
        scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", changes);
        awaitActive(first, "node-1");
        scene.node("node-2", changes);
        awaitActive(first, "node-1", "node-2");

        scene.etcd.goAway();
        await().during(warmUp.multipliedBy(2)).until(() -> first.adopted.rings().size() == 2);
        scene.etcd.comeBack();

        await().until(() -> first.adopted.rings().size() == 1);
    }

    @Test
    void oldRingStaysWhileAMemberHasNotConfirmed() {
        scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", SHORT_WARM_UP);
        awaitActive(first, "node-1");
        first.mayAdopt = new CountDownLatch(1);
        EtcdScene.Node second = scene.node("node-2", SHORT_WARM_UP);

        await().until(() -> second.adopted.rings().stream().anyMatch(ring -> ring.state() == RingState.CLOSING));
        await().during(Duration.ofMillis(300))
                .until(() -> second.adopted.rings().get(0).state() == RingState.CLOSING);
        first.mayAdopt.countDown();

        await().until(() -> second.adopted.rings().size() == 1);
    }

    @Test
    void deadMemberIsWaitedOutBeforeItsRingGoes() {
        EtcdScene.Sync sync = scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", SHORT_WARM_UP);
        EtcdScene.Node second = scene.node("node-2", SHORT_WARM_UP);
        awaitActive(first, "node-1", "node-2");
        await().until(() -> first.adopted.rings().size() == 1);
        Member dead = second.participant.member();
        assertThat(sync.participant.isPresent(dead)).isTrue();

        second.participant.close();
        awaitActive(first, "node-1");
        assertThat(first.adopted.rings()).hasSize(2);
        assertThat(sync.participant.isGone(dead)).isFalse();
        await().until(() -> !sync.participant.isPresent(dead));

        await().until(() -> first.adopted.rings().size() == 1);
    }

    @Test
    void syncServiceLearnsThatADeadMemberIsGone() {
        EtcdScene.Sync sync = scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", LONG_WARM_UP);
        EtcdScene.Node second = scene.node("node-2", LONG_WARM_UP);
        awaitActive(first, "node-1", "node-2");
        Member dead = second.participant.member();

        second.participant.close();

        await().until(() -> sync.participant.isGone(dead));
        assertThat(sync.participant.isGone(first.participant.member())).isFalse();
    }

    @Test
    void leavingNodeIsToldWhenItIsNotRoutedToAnyMore() {
        scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", LONG_WARM_UP);
        EtcdScene.Node second = scene.node("node-2", LONG_WARM_UP);
        awaitActive(first, "node-1", "node-2");

        assertThat(first.participant.leave(Duration.ofSeconds(10))).isTrue();

        assertThat(names(first.membership.topology())).containsExactly("node-2");
        assertThat(standing("members/node-1")).as("peers may still peek").isNotNull();
        awaitActive(second, "node-2");
        assertThat(second.participant.leave(Duration.ofSeconds(10)))
                .as("there is nobody else")
                .isFalse();
    }

    @Test
    void anotherNodeCoordinatesWhenTheCoordinatorIsGone() {
        scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", LONG_WARM_UP);
        awaitActive(first, "node-1");
        EtcdScene.Node second = scene.node("node-2", LONG_WARM_UP);
        awaitActive(second, "node-1", "node-2");
        assertThat(standing(ClusterKeys.COORDINATOR).value()).startsWith("node-1@");

        first.participant.close();

        awaitActive(second, "node-2");
        assertThat(standing(ClusterKeys.COORDINATOR).value()).startsWith("node-2@");
    }

    @Test
    void clusterRecoversFromAnEtcdThatLostItsData() {
        scene.sync("sync-1");
        EtcdScene.Node first = scene.node("node-1", LONG_WARM_UP);
        awaitActive(first, "node-1");
        long before = first.participant.member().incarnation();

        scene.etcd.goAway();
        scene.etcd.loseData();
        for (int i = 0; i < 20; i++) {
            scene.etcd.put("elsewhere", "" + i);
        }
        scene.etcd.comeBack();

        await().until(() -> first.participant.member().incarnation() != before
                && List.of(first.participant.member()).equals(activeMembers(first.adopted)));
    }

    private EtcdStore.StoredKey standing(String key) {
        return Objects.requireNonNull(scene.etcd.standing(key), key);
    }

    private static RingRecord awaitActive(EtcdScene.Node node, String... names) {
        await().until(() -> names(node.adopted).equals(List.of(names)));
        return Objects.requireNonNull(node.adopted.activeRing());
    }

    private static List<Member> activeMembers(Topology topology) {
        RingRecord active = topology.activeRing();
        return active == null ? List.of() : active.members();
    }

    private static List<String> names(Topology topology) {
        return activeMembers(topology).stream().map(Member::name).toList();
    }
}
