package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.ServedFrom;
import io.sluice.cluster.Member;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.EtcdServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * etcd stands still, dies or takes a lease away: nodes go on by what they know of their staleness, go quiet when they
 * know nothing, and come back.
 */
@SystemTest
@Order(9)
class EtcdFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Long enough for a bound of staleness to be within it, as it is by default. */
    private static final Duration TTL = Duration.ofSeconds(4);

    private static final int SOME_WRITES = 200;
    /** Well over {@code unleased-staleness}, which is the lease here, and what an answer is later than the look. */
    private static final long UNLEASED_MILLIS = 5_100;

    private final EtcdServer etcd;
    private final Scene scene;
    private final Items items;

    EtcdFaultsTest(Devstack stack) {
        etcd = stack.etcd();
        scene = Items.scene(stack, "etcd_faults", 2, plan -> plan.withLeaseTtl(TTL));
        items = new Items(scene);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    /** So that there is something that can become stale. */
    @BeforeEach
    void everyNodeAnswersFromMemory() {
        items.readAll();
        awaitMemory();
        scene.nodes().forEach(node -> await().atMost(PATIENCE).until(() -> knowsItsBound(node)));
    }

    /** Not for a moment after a ring change. */
    private static boolean knowsItsBound(SluiceProcess node) {
        double seconds = Metrics.sum(node, "sluice_node_staleness_bound_seconds");
        return seconds > 0 && seconds < 3;
    }

    @Test
    void pausedForThreeLeases() throws Exception {
        etcd.pause();
        try {
            assertMemoryIsStillUsed();
        } finally {
            etcd.resume();
        }
        assertAllGoesOn();
    }

    @Test
    void killedAndStartedAgainWithItsData() throws Exception {
        etcd.kill();
        try {
            assertMemoryIsStillUsed();
        } finally {
            etcd.restart();
        }
        assertAllGoesOn();
    }

    /**
     * For three leases: what does not change is answered from memory, though no lease stands any more, since each node
     * knows how stale it can be; and what changes is removed.
     */
    private void assertMemoryIsStillUsed() {
        long begin = System.nanoTime();
        int asked = 0;
        int fromMemory = 0;
        for (int i = 0; System.nanoTime() - begin < 3 * TTL.toNanos(); i++) {
            scene.sql("UPDATE items SET version = version + 1 WHERE id = " + Items.COUNT);
            for (SluiceProcess node : scene.nodes()) {
                boolean unleased = System.nanoTime() - begin > TTL.toNanos();
                Answer answer = scene.on(node, Items.GROUP, Integer.toString(1 + i % (Items.COUNT / 2)));
                if (unleased) {
                    asked++;
                    if (answer.servedFrom() != ServedFrom.SOURCE) {
                        fromMemory++;
                        assertThat(answer.stalenessBoundMillis().orElse(Long.MAX_VALUE))
                                .as(node.name())
                                .isLessThan(UNLEASED_MILLIS);
                    }
                }
            }
        }
        // A machine that is busy with something else for a moment lets a bound grow.
        assertThat(fromMemory).as("answers from memory of %s", asked).isGreaterThan(asked * 9 / 10);
        await().atMost(Duration.ofMillis(UNLEASED_MILLIS)).untilAsserted(items::assertEveryNodeEqualsSource);
    }

    private void assertAllGoesOn() throws Exception {
        Traffic traffic = Traffic.start(scene);
        try (traffic) {
            traffic.awaitWrites(SOME_WRITES);
        }
        awaitMemory();
        assertThat(traffic.failedReads()).isEmpty();
        items.awaitEveryNodeEqualsSource();
    }

    /** Nobody may count on the nodes any more, and nobody tells them how far the changes are applied. */
    @Test
    void awayTogetherWithTheSyncServiceItTakesTheNodesOffTheirMemory() throws Exception {
        etcd.pause();
        scene.cluster().sync().pause();
        try {
            long both = System.nanoTime();
            scene.nodes().forEach(node -> await().atMost(PATIENCE).until(() -> !fromMemory(node)));
            assertThat(System.nanoTime() - both)
                    .isLessThan(Duration.ofMillis(2 * UNLEASED_MILLIS).toNanos());
            scene.sql("UPDATE items SET version = version + 1");
            items.assertEveryNodeEqualsSource();
        } finally {
            scene.cluster().sync().resume();
            etcd.resume();
        }
        awaitMemory();
        items.awaitEveryNodeEqualsSource();
    }

    @Test
    void leaseRevokedByHand() throws Exception {
        SluiceProcess node = scene.cluster().node("node-2");
        long before = incarnation(node);
        assertThat(entries(node)).isPositive();
        try (EtcdKeys keys = new EtcdKeys(etcd, scene.name())) {
            keys.revokeLeaseOf(node.name());
        }
        await().atMost(PATIENCE).until(() -> incarnation(node) > before);
        assertThat(entries(node)).as("entries of the new incarnation").isZero();
        awaitMemory();
        items.awaitEveryNodeEqualsSource();
    }

    private void awaitMemory() {
        scene.nodes().forEach(node -> await().atMost(PATIENCE).until(() -> fromMemory(node)));
    }

    private boolean fromMemory(SluiceProcess node) {
        return scene.on(node, Items.GROUP, "1").servedFrom() != ServedFrom.SOURCE;
    }

    private long incarnation(SluiceProcess node) {
        Member member = scene.client().topology().member(node.name());
        return member == null ? 0 : member.incarnation();
    }

    private static double entries(SluiceProcess node) {
        return Metrics.sum(node, "sluice_store_entries");
    }
}
