package io.sluice.system;

import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Whatever dies, stands still or comes back while rows change: at the end every node answers what is in MySQL. */
@SystemTest
@Order(7)
class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOME = 300;

    private final Scene scene;
    private final Items items;

    FaultsTest(Devstack stack) {
        scene = Items.scene(stack, "faults", 3);
        items = new Items(scene);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    /** So that there is something that can become stale. */
    @BeforeEach
    void readAll() {
        items.readAll();
    }

    @Test
    void syncServiceKilledMidStream() throws SQLException {
        SluiceProcess sync = scene.cluster().sync();
        try (Traffic traffic = Traffic.start(scene)) {
            traffic.awaitWrites(SOME);
            sync.kill();
            traffic.awaitWrites(SOME);
            sync.launch();
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
        sync.awaitReady();
    }

    @Test
    void nodePausedForLongerThanItsLease() throws SQLException {
        SluiceProcess node = scene.cluster().node("node-2");
        Member before = member(node);
        try (Traffic traffic = Traffic.start(scene)) {
            node.pause();
            try {
                await().atMost(PATIENCE).until(() -> member(node) == null);
                traffic.awaitWrites(SOME);
            } finally {
                node.resume();
            }
            await().atMost(PATIENCE).until(() -> isNewer(member(node), before));
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
        node.awaitReady();
    }

    @Test
    void nodeKilledAndStartedAgainUnderItsName() throws SQLException {
        SluiceProcess node = scene.cluster().node("node-3");
        Member before = member(node);
        try (Traffic traffic = Traffic.start(scene)) {
            node.kill();
            traffic.awaitWrites(SOME);
            node.launch();
            await().atMost(PATIENCE).until(() -> isNewer(member(node), before));
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
        node.awaitReady();
    }

    @Test
    void secondSyncServiceComesAndGoes() throws SQLException {
        SluiceProcess first = scene.cluster().sync();
        SluiceProcess second = scene.cluster().anotherSync("sync-2");
        try (Traffic traffic = Traffic.start(scene)) {
            try (second) {
                second.launch();
                second.awaitReady();
                // Both have partitions, so each sends some of the removals.
                await().atMost(PATIENCE).until(() -> acknowledged(second) > SOME);
                double firstSent = acknowledged(first);
                await().atMost(PATIENCE).until(() -> acknowledged(first) > firstSent + SOME);
            }
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
    }

    @Test
    void kafkaStartedAgain() throws SQLException {
        try (Traffic traffic = Traffic.start(scene)) {
            traffic.awaitWrites(SOME);
            scene.stack().kafka().restart();
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
        scene.cluster().sync().awaitReady();
    }

    private static double acknowledged(SluiceProcess sync) {
        return Metrics.sum(sync, "sluice_sync_removals_acknowledged_total");
    }

    /** The node in the ring that is routed by; a ring that drains has it for longer. */
    private @Nullable Member member(SluiceProcess node) {
        RingRecord active = scene.client().topology().activeRing();
        return active == null
                ? null
                : active.members().stream()
                        .filter(member -> member.name().equals(node.name()))
                        .findFirst()
                        .orElse(null);
    }

    private static boolean isNewer(@Nullable Member now, @Nullable Member before) {
        return now != null && before != null && now.incarnation() > before.incarnation();
    }
}
