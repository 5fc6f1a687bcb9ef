package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.ServedFrom;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What operators do with a running sync service, by the commands that they type. */
@SystemTest
@Order(9)
class SyncOperationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROUNDS = 5;

    private final Scene scene;
    private final Items items;
    private final SluiceProcess sync;
    private final String address;

    SyncOperationsTest(Devstack stack) throws IOException {
        scene = Items.scene(stack, "sync_operations", 2);
        items = new Items(scene);
        sync = scene.cluster().sync();
        int port = new FreePorts().next();
        address = "127.0.0.1:" + port;
        Path config = scene.directory().resolve("sync-1.yaml");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("listen: { port: 0 }", "listen: { port: " + port + " }")
                        // The protocol that is not the default, for the rest of the tests have that one.
                        .replace("  group-id:", "  properties: { group.protocol: consumer }\n  group-id:"));
        sync.close();
        sync.launch();
        sync.awaitReady();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void statusShowsPartitionsAndNodes() throws Exception {
        scene.sql("UPDATE items SET version = version + 1");
        items.awaitEveryNodeEqualsSource();

        SluiceCommand text = run("status");
        assertThat(text.status()).as(text.errors()).isZero();
        assertThat(text.out())
                .startsWith("sync-1 is ready\n")
                .contains("partition " + scene.stack().canal().topic() + "-0: committed ")
                .containsPattern("  at [0-9a-f-]{36}:1-\\d+")
                .containsPattern("node node-1@\\d+: .*last acknowledged \\d");

        SluiceCommand json = run("status", "--json");
        assertThat(json.out().lines()).hasSize(1);
        assertThat(json.out())
                .startsWith("{\"name\":\"sync-1\",\"ready\":true,\"paused\":false,")
                .contains("\"committedOffset\":", "\"positionOffset\":", "\"lagRecords\":", "\"groupsToClear\":0")
                .contains("{\"name\":\"node-1\",\"incarnation\":", "\"failing\":false");
    }

    @Test
    void pausedNothingIsRemovedAndResumedItCatchesUp() throws Exception {
        items.readAll();
        Answer before = awaitMemory("1");

        assertThat(run("pause").out()).startsWith("paused; ");
        await().atMost(PATIENCE).until(() -> Metrics.sum(sync, "sluice_sync_paused_by_operator") == 1);
        scene.sql("UPDATE items SET version = version + 1");
        // The records are there and are not taken.
        await().atMost(PATIENCE).until(() -> Metrics.sum(sync, "sluice_sync_partition_lag_records") > 0);
        assertThat(scene.client().get(Items.GROUP, "1").text()).isEqualTo(before.text());
        SluiceCommand status = run("status");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).startsWith("sync-1 is not ready: paused by an operator");

        assertThat(run("resume", "--json").out().strip()).isEqualTo("{\"paused\":false}");

        sync.awaitReady();
        items.awaitEveryNodeEqualsSource();
    }

    /** Removes of the past find entries that are newer than they are. */
    @Test
    void aReplayOfEverythingKeepsWhatTheNodesHold() throws Exception {
        Instant before = Instant.now();
        for (int i = 0; i < ROUNDS; i++) {
            scene.sql("UPDATE items SET version = version + 1");
        }
        items.awaitEveryNodeEqualsSource();
        for (int id = 1; id <= Items.COUNT; id++) {
            awaitMemory(Integer.toString(id));
        }
        double loads = loads();
        double entries = onNodes("sluice_store_entries");
        double removed = onNodes("sluice_store_removed_total");
        double covered = onNodes("sluice_store_covered_total");

        SluiceCommand replay = run("replay", "--from", before.toString());

        assertThat(replay.status()).as(replay.errors()).isZero();
        assertThat(replay.out()).startsWith("replaying from " + before);
        await().atMost(PATIENCE)
                .until(() -> Metrics.sum(sync, "sluice_sync_replays_total", "outcome=\"begun\"") == 1
                        && Metrics.sum(sync, "sluice_sync_partition_replaying") == 0
                        && onNodes("sluice_store_covered_total") >= covered + Items.COUNT);
        for (int id = 1; id <= Items.COUNT; id++) {
            assertThat(scene.client().get(Items.GROUP, Integer.toString(id)).servedFrom())
                    .isEqualTo(ServedFrom.MEMORY);
        }
        assertThat(loads()).isEqualTo(loads);
        assertThat(onNodes("sluice_store_removed_total")).isEqualTo(removed);
        assertThat(onNodes("sluice_store_entries")).isEqualTo(entries);
        items.assertEveryNodeEqualsSource();
    }

    @Test
    void whatCannotBeAnsweredSaysWhatToDo() throws Exception {
        SluiceCommand nobody = command("status", "--sync", "127.0.0.1:" + new FreePorts().next());
        assertThat(nobody.status()).isEqualTo(2);
        assertThat(nobody.errors())
                .contains("no sync service answers at 127.0.0.1:", "give listen of its configuration");

        SluiceCommand node = command(
                "pause", "--sync", "127.0.0.1:" + scene.nodes().getFirst().port());
        assertThat(node.status()).isEqualTo(2);
        assertThat(node.errors()).contains("is no sync service");

        SluiceCommand admin = command("resume", "--sync", sync.adminAddress().replace("http://", ""));
        assertThat(admin.status()).isEqualTo(2);
        assertThat(admin.errors()).contains("give listen of its configuration");

        SluiceCommand time = run("replay", "--from", "yesterday");
        assertThat(time.status()).isEqualTo(2);
        assertThat(time.errors()).contains("'yesterday' is no time", "2026-03-01T12:00:00Z");
    }

    /** Until its owner has it, and a moment longer, so that its stamp covers what has just happened. */
    private Answer awaitMemory(String key) {
        return await().atMost(PATIENCE)
                .until(() -> scene.client().get(Items.GROUP, key), answer -> answer.servedFrom() == ServedFrom.MEMORY);
    }

    private double loads() {
        return onNodes("sluice_node_load_seconds_count") + onNodes("sluice_node_batch_loaded_keys_total");
    }

    private double onNodes(String metric) {
        return Metrics.sum(scene.nodes(), metric, "group=\"" + Items.GROUP + "\"");
    }

    private SluiceCommand run(String command, String... arguments) throws IOException, InterruptedException {
        String[] all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--sync";
        all[2] = address;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return command(all);
    }

    private SluiceCommand command(String... arguments) throws IOException, InterruptedException {
        String[] all = new String[arguments.length + 1];
        all[0] = "sync";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return SluiceCommand.run(scene.directory(), LocalCluster.ENVIRONMENT, all);
    }
}
