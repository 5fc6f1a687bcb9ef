package io.sluice.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.coherence.SourcePosition;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The sync service's part in ring changes: a new holder holds nothing before it is reached by every Remove. */
@SystemTest
@Order(9)
class SyncRingsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOME = 300;

    private final Devstack stack;
    private final Scene scene;
    private final Items items;
    private final SluiceProcess sync;
    private final FreePorts ports = new FreePorts();

    SyncRingsTest(Devstack stack) {
        this.stack = stack;
        this.scene = Items.scene(stack, "sync_rings", 2);
        this.items = new Items(scene);
        this.sync = scene.cluster().sync();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void aNewRingComesWithThePositionThatItsHoldersMustCover() throws Exception {
        SourcePosition before = SourcePosition.parse(stack.mysql().executedGtids());
        double read = events(sync, "floors_read");
        try (SluiceProcess node = newNode("node-floor")) {
            node.launch();
            awaitActive(node.name(), true);
            RingRecord active = requireNonNull(scene.client().topology().activeRing());
            assertThat(active.floors()).containsOnlyKeys("app");
            SourcePosition floor = requireNonNull(active.floors().get("app"));
            assertThat(floor.covers(before)).isTrue();
            assertThat(SourcePosition.parse(stack.mysql().executedGtids()).covers(floor))
                    .isTrue();
            assertThat(events(sync, "floors_read")).isGreaterThan(read);
        }
        awaitActive("node-floor", false);
    }

    /**
     * 1: a node registers. 2: the sync instance, registered, hears of nothing: it stands still, and its lease is long.
     * 3: rows change, and are read on the new node. Nobody would tell it to forget; so it keeps nothing.
     */
    @Test
    void aNodeThatTheSyncInstanceHasNotSeenKeepsNothing() throws Exception {
        sync.close();
        try (SluiceProcess slow = sync("sync-slow", "60s");
                SluiceProcess node = newNode("node-unseen")) {
            slow.launch();
            slow.awaitReady();
            items.readAll();
            slow.pause();
            try {
                node.launch();
                awaitRing(ring -> ring.state() == RingState.ANNOUNCED && has(ring, node.name()));
                scene.sql("UPDATE items SET version = version + 1");
                for (int round = 0; round < 2; round++) {
                    for (int id = 1; id <= Items.COUNT; id++) {
                        Answer answer = scene.on(node, Items.GROUP, Integer.toString(id));
                        assertThat(answer.found()).isTrue();
                    }
                }
                assertThat(Metrics.sum(node, "sluice_store_entries")).isZero();
                assertThat(isActive(node.name())).isFalse();
            } finally {
                slow.resume();
            }
            awaitActive(node.name(), true);
            node.awaitReady();
            items.awaitEveryNodeEqualsSource();
            assertThat(Metrics.sum(node, "sluice_store_entries")).isPositive();
        } finally {
            sync.launch();
        }
        awaitActive("node-unseen", false);
        sync.awaitReady();
    }

    /**
     * 1: an instance stands still for longer than its lease. 2: a ring becomes active without it. 3: it goes on: what
     * it does before it is registered anew may lack a holder, so it is done again, by itself or, when a node told it of
     * the ring first, by whoever takes over.
     */
    @Test
    void whatAnInstanceThatMissedARingDidIsDoneAgain() throws Exception {
        try (SluiceProcess second = sync("sync-2", "2s");
                SluiceProcess node = newNode("node-missed");
                Traffic traffic = Traffic.start(scene)) {
            second.launch();
            second.awaitReady();
            await().atMost(PATIENCE).until(() -> acknowledged(second) > SOME);
            second.pause();
            try {
                node.launch();
                awaitActive(node.name(), true);
                traffic.awaitWrites(SOME);
            } finally {
                second.resume();
            }
            await().atMost(PATIENCE).until(() -> events(second, "started_over") + events(second, "left_group") > 0);
            double sent = acknowledged(second);
            await().atMost(PATIENCE).until(() -> acknowledged(second) > sent + SOME);
        }
        awaitActive("node-missed", false);
        items.awaitEveryNodeEqualsSource();
    }

    @Test
    void anInstanceThatDiesWhileARingWaitsForItHoldsNobodyUp() throws Exception {
        try (SluiceProcess node = newNode("node-waits")) {
            sync.pause();
            node.launch();
            awaitRing(ring -> ring.state() == RingState.ANNOUNCED && has(ring, node.name()));
            sync.kill();
            sync.launch();
            awaitActive(node.name(), true);
            items.awaitEveryNodeEqualsSource();
        }
        sync.awaitReady();
        awaitActive("node-waits", false);
    }

    @Test
    void whileEtcdIsAwayRemovesGoOnAndNothingIsCommitted() throws Exception {
        try (Traffic traffic = Traffic.start(scene)) {
            traffic.awaitWrites(SOME);
            stack.etcd().pause();
            try {
                await().atMost(PATIENCE).until(() -> Metrics.sum(sync, "sluice_sync_registered") == 0);
                traffic.awaitWrites(SOME);
                double sent = acknowledged(sync);
                Map<TopicPartition, OffsetAndMetadata> committed = committed();
                await().atMost(PATIENCE).until(() -> acknowledged(sync) > sent + SOME);
                assertThat(committed()).isEqualTo(committed);
            } finally {
                stack.etcd().resume();
            }
            Map<TopicPartition, OffsetAndMetadata> before = committed();
            await().atMost(PATIENCE).until(() -> !committed().equals(before));
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
        sync.awaitReady();
    }

    private SluiceProcess newNode(String name) throws IOException {
        int port = ports.next();
        int adminPort = ports.next();
        SluiceProcess first = scene.nodes().getFirst();
        String config = Files.readString(scene.directory().resolve("node-1.yaml"))
                .replace("name: node-1", "name: " + name)
                .replace("port: " + first.port() + " ", "port: " + port + " ")
                .replace(first.adminAddress().replaceAll(".*:", "port: ") + " ", "port: " + adminPort + " ");
        return process(name, "node", config, port, adminPort);
    }

    private SluiceProcess sync(String name, String leaseTtl) throws IOException {
        int adminPort = ports.next();
        String config = Files.readString(scene.directory().resolve("sync-1.yaml"))
                .replace("name: sync-1", "name: " + name)
                .replace("lease-ttl: 2s", "lease-ttl: " + leaseTtl)
                .replace(sync.adminAddress().replaceAll(".*:", "port: ") + " ", "port: " + adminPort + " ");
        return process(name, "sync", config, 0, adminPort);
    }

    private SluiceProcess process(String name, String kind, String config, int port, int adminPort) throws IOException {
        Path file = Files.writeString(scene.directory().resolve(name + ".yaml"), config);
        return new SluiceProcess(name, kind, file, port, adminPort, LocalCluster.ENVIRONMENT);
    }

    private void awaitActive(String node, boolean active) {
        await().atMost(PATIENCE).until(() -> isActive(node) == active);
    }

    private boolean isActive(String node) {
        RingRecord ring = scene.client().topology().activeRing();
        return ring != null && has(ring, node);
    }

    private void awaitRing(Predicate<RingRecord> wanted) {
        await().atMost(PATIENCE)
                .until(() -> scene.client().topology().rings().stream().anyMatch(wanted));
    }

    private static boolean has(RingRecord ring, String node) {
        return ring.members().stream().anyMatch(member -> member.name().equals(node));
    }

    private static double events(SluiceProcess sync, String kind) {
        return Metrics.sum(sync, "sluice_sync_ring_events_total", "kind=\"" + kind + "\"");
    }

    private static double acknowledged(SluiceProcess sync) {
        return Metrics.sum(sync, "sluice_sync_removals_acknowledged_total");
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws InterruptedException, ExecutionException {
        return Scene.committed(stack, "sync_rings");
    }
}
