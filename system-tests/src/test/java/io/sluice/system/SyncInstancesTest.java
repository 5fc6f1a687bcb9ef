package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Several sync instances share the partitions, whoever of them dies, stops or is replaced. */
@SystemTest
@Order(9)
class SyncInstancesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SOME = 200;

    private final Devstack stack;
    private final Scene scene;
    private final Items items;
    private final SluiceProcess first;
    private final FreePorts ports = new FreePorts();

    SyncInstancesTest(Devstack stack) {
        this.stack = stack;
        scene = Items.scene(stack, "sync_instances", 2);
        items = new Items(scene);
        first = scene.cluster().sync();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    /** When a static member of another test is gone for good; and so that there is something that can become stale. */
    @BeforeEach
    void awaitAloneAndReadAll() {
        await().atMost(PATIENCE).until(() -> hasAll(first));
        items.readAll();
    }

    @Test
    void theOtherOneTakesOverWhatAKilledInstanceHad() throws Exception {
        try (SluiceProcess second = instance("sync-2", "");
                Traffic traffic = Traffic.start(scene)) {
            second.launch();
            awaitShared(second);
            traffic.awaitWrites(SOME);

            second.kill();

            traffic.awaitWrites(SOME);
            await().atMost(PATIENCE).until(() -> hasAll(first));
        }
        items.awaitEveryNodeEqualsSource();
    }

    /** The old one goes when the new one is ready, and the other way round, as in a rolling upgrade. */
    @Test
    void aRollingReplacementLosesNothingAndTakesNoOffsetBack() throws Exception {
        try (Traffic traffic = Traffic.start(scene)) {
            try (SluiceProcess second = instance("sync-3", "")) {
                Map<TopicPartition, Long> before = committed();
                second.launch();
                second.awaitReady();
                awaitShared(second);
                Map<TopicPartition, Long> shared = committed();
                assertThat(isBehind(shared, before)).isFalse();
                first.close();
                await().atMost(PATIENCE).until(() -> hasAll(second));
                traffic.awaitWrites(SOME);
                Map<TopicPartition, Long> alone = committed();
                assertThat(isBehind(alone, shared)).isFalse();
                first.launch();
                first.awaitReady();
                awaitShared(second);
                assertThat(isBehind(committed(), alone)).isFalse();
            }
            await().atMost(PATIENCE).until(() -> hasAll(first));
            traffic.awaitWrites(SOME);
        }
        items.awaitEveryNodeEqualsSource();
    }

    @Test
    void aStaticMemberThatIsStartedAgainCausesNoRebalance() throws Exception {
        String properties = "  properties: { group.instance.id: sync-4, session.timeout.ms: \"30000\" }\n";
        try (SluiceProcess second = instance("sync-4", properties);
                Traffic traffic = Traffic.start(scene)) {
            second.launch();
            awaitShared(second);
            double had = partitions(second);
            double rebalances = Metrics.sum(first, "sluice_sync_rebalances_total");

            stop(second);
            traffic.awaitWrites(SOME);
            second.launch();

            await().atMost(PATIENCE).until(() -> second.isAlive() && isReady(second) && partitions(second) == had);
            double sent = Metrics.sum(second, "sluice_sync_removals_acknowledged_total");
            await().atMost(PATIENCE)
                    .until(() -> Metrics.sum(second, "sluice_sync_removals_acknowledged_total") > sent + SOME);
            assertThat(Metrics.sum(first, "sluice_sync_rebalances_total")).isEqualTo(rebalances);
        }
        items.awaitEveryNodeEqualsSource();
    }

    private static void stop(SluiceProcess sync) {
        sync.close();
    }

    private static boolean isReady(SluiceProcess sync) {
        sync.awaitReady();
        return true;
    }

    /** Both have partitions, and both have finished some of what came. */
    private void awaitShared(SluiceProcess second) {
        second.awaitReady();
        await().atMost(PATIENCE).until(() -> partitions(second) > 0 && partitions(first) > 0);
        double sent = Metrics.sum(second, "sluice_sync_removals_acknowledged_total");
        await().atMost(PATIENCE)
                .until(() -> Metrics.sum(second, "sluice_sync_removals_acknowledged_total") > sent + SOME);
    }

    private boolean hasAll(SluiceProcess sync) {
        return partitions(sync) == stack.canal().partitions();
    }

    private static double partitions(SluiceProcess sync) {
        return Metrics.sum(sync, "sluice_sync_partitions");
    }

    private SluiceProcess instance(String name, String kafkaProperties) throws IOException {
        int adminPort = ports.next();
        String config = Files.readString(scene.directory().resolve("sync-1.yaml"))
                .replace("name: sync-1", "name: " + name)
                .replace("  group-id:", kafkaProperties + "  group-id:")
                .replace(first.adminAddress().replaceAll(".*:", "port: ") + " ", "port: " + adminPort + " ");
        Path file = Files.writeString(scene.directory().resolve(name + ".yaml"), config);
        return new SluiceProcess(name, "sync", file, 0, adminPort, LocalCluster.ENVIRONMENT);
    }

    private static boolean isBehind(Map<TopicPartition, Long> now, Map<TopicPartition, Long> before) {
        return before.entrySet().stream().anyMatch(entry -> now.getOrDefault(entry.getKey(), -1L) < entry.getValue());
    }

    private Map<TopicPartition, Long> committed() throws InterruptedException, ExecutionException {
        return scene.committed().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().offset()));
    }
}
