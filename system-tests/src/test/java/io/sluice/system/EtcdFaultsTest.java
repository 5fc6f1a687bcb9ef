package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
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

/** etcd stands still, dies or takes a lease away: nodes go quiet in time, answer all the same, and come back. */
@SystemTest
@Order(9)
class EtcdFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TTL = LocalCluster.LEASE_TTL;
    private static final int SOME_WRITES = 200;

    private final EtcdServer etcd;
    private final Scene scene;
    private final Items items;

    EtcdFaultsTest(Devstack stack) {
        etcd = stack.etcd();
        scene = Items.scene(stack, "etcd_faults", 2);
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
    }

    @Test
    void pausedForThreeLeases() throws Exception {
        Traffic traffic = Traffic.start(scene);
        try (traffic) {
            etcd.pause();
            try {
                assertQuietFrom(System.nanoTime() + TTL.toNanos(), System.nanoTime() + 3 * TTL.toNanos());
            } finally {
                etcd.resume();
            }
            traffic.awaitWrites(SOME_WRITES);
            awaitMemory();
        }
        assertThat(traffic.failedReads()).isEmpty();
        items.awaitEveryNodeEqualsSource();
    }

    /** No answer that was asked for in that time comes from memory: others may not count on the node any more. */
    private void assertQuietFrom(long fromNanos, long toNanos) {
        int asked = 0;
        for (long now = System.nanoTime(); now < toNanos; now = System.nanoTime()) {
            for (SluiceProcess node : scene.nodes()) {
                long sent = System.nanoTime();
                Answer answer = scene.on(node, Items.GROUP, "1");
                if (sent >= fromNanos) {
                    assertThat(answer.servedFrom()).as(node.name()).isEqualTo(ServedFrom.SOURCE);
                    asked++;
                }
            }
        }
        assertThat(asked).isPositive();
    }

    @Test
    void killedAndStartedAgainWithItsData() throws Exception {
        Traffic traffic = Traffic.start(scene);
        try (traffic) {
            etcd.kill();
            try {
                scene.nodes().forEach(node -> await().atMost(PATIENCE).until(() -> !fromMemory(node)));
                traffic.awaitWrites(SOME_WRITES);
            } finally {
                etcd.restart();
            }
            awaitMemory();
        }
        assertThat(traffic.failedReads()).isEmpty();
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
