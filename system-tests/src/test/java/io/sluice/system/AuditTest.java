package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The auditor beside a running cluster of two nodes: it finds nothing while all is well, and what is wrong when the
 * sync service goes by rules that lack one.
 */
@SystemTest
@Order(21)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AuditTest {
    private static final String NAME = "audited";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RULE = """
              - table: audited.scores
                keys:
                  - { group: score, key: "{id}" }
            """;

    private final Scene scene;
    private final Items items;

    AuditTest(Devstack stack) {
        scene = Items.scene(
                stack,
                NAME,
                2,
                """
                  score:
                    source: app
                    key: "{id}"
                    load: "SELECT id, points FROM scores WHERE id = :id"
                """,
                RULE,
                "CREATE TABLE scores (id INT PRIMARY KEY, points INT NOT NULL)",
                "INSERT INTO scores VALUES (1, 10), (2, 20), (3, 30), (4, 40)");
        items = new Items(scene);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    @Order(1)
    void findsNothingWhileAllIsWell() throws Exception {
        items.readAll();
        SluiceCommand audit;
        try (Writer writer = new Writer(scene, "UPDATE items SET version = version + 1 WHERE id = %d", Items.COUNT)) {
            audit = audit("--seconds", "6", "--after", "1s,2s", "--rate", "40", "--json");
            assertThat(writer.failure).isNull();
        }

        JsonNode json = json(audit);
        assertThat(audit.status()).as(audit.errors()).isZero();
        assertThat(json.get("violations").size()).as(audit.out()).isZero();
        assertThat(json.get("groups").toString()).isEqualTo("[\"item\",\"score\"]");
        for (JsonNode within : json.get("within")) {
            assertThat(within.get("changes").asInt()).as(audit.out()).isGreaterThan(20);
            assertThat(within.get("invisibleRatio").asDouble()).as(audit.out()).isEqualTo(1);
        }
        assertThat(json.get("holders").toString()).contains("\"node-1\"", "\"node-2\"", "\"client\"");
        for (JsonNode holder : json.get("holders")) {
            assertThat(holder.get("held").asInt()).as(audit.out()).isPositive();
            assertThat(holder.get("failed").asInt()).as(audit.out()).isZero();
        }
    }

    @Test
    @Order(2)
    void findsWhatARuleThatTheSyncServiceLacksLeavesOldAndTellsWhatTheNodesSawOfIt() throws Exception {
        SluiceProcess sync = scene.cluster().sync();
        Path config = scene.directory().resolve("sync-1.yaml");
        Path rules = scene.directory().resolve("rules.yaml");
        String text = Files.readString(rules);
        assertThat(text).contains(RULE);
        Files.writeString(scene.directory().resolve("rules-that-lack-one.yaml"), text.replace(RULE, ""));
        sync.close();
        Files.writeString(
                config, Files.readString(config).replace("rules: rules.yaml", "rules: rules-that-lack-one.yaml"));
        sync.launch();
        sync.awaitReady();
        await().atMost(PATIENCE).until(() -> Metrics.sum(sync, "sluice_sync_groups_to_clear") == 0);
        // What the rules lack cleared the group once more, and for a hold after that nothing is kept.
        for (int id = 1; id <= 4; id++) {
            scene.cluster().awaitKeeping(scene.client(), "score", Integer.toString(id));
        }

        SluiceCommand audit;
        // Each row changes again long before the first look, and does not escape.
        try (Writer writer = new Writer(scene, "UPDATE scores SET points = points + 1 WHERE id = %d", 4)) {
            audit = audit(
                    "--rules",
                    rules.toString(),
                    "--seconds",
                    "4",
                    "--after",
                    "1s,3s",
                    "--rate",
                    "40",
                    "--group",
                    "score",
                    "--show-keys",
                    "--json");
            assertThat(writer.failure).isNull();
        }

        JsonNode json = json(audit);
        assertThat(audit.status()).as(audit.out() + audit.errors()).isEqualTo(1);
        List<String> kinds = new ArrayList<>();
        List<String> holders = new ArrayList<>();
        for (JsonNode violation : json.get("violations")) {
            kinds.add(violation.get("kind").asString());
            holders.add(violation.get("holder").asString());
            assertThat(violation.get("group").asString()).isEqualTo("score");
            assertThat(violation.get("key").asString()).matches("[1-4]");
            assertThat(violation.get("staleMillis").asLong()).isPositive();
            assertThat(violation.get("history").toString())
                    .as("loaded and kept, and no Remove since")
                    .contains("\"load\"", "\"admit\"");
        }
        // Whichever is proven first: the bound is told with every answer, the stamp is lifted with the next heartbeats.
        assertThat(kinds).as(audit.out()).containsAnyOf("false-stamp", "false-bound");
        assertThat(holders).as(audit.out()).contains("node-1", "node-2");
        assertThat(audit.errors()).contains("VIOLATION").doesNotContain("\"points\"");
    }

    @Test
    @Order(3)
    void saysThatItCannotAuditWhereNobodyAnswers() throws Exception {
        Path config = scene.directory().resolve("astray.yaml");
        Files.writeString(
                config,
                Files.readString(scene.directory().resolve("sync-1.yaml"))
                        .replaceFirst("topics: \\[[^]]*]", "topics: [\"no-such-topic\"]"));

        SluiceCommand audit =
                SluiceCommand.run(scene.directory(), LocalCluster.ENVIRONMENT, "audit", "--config", config.toString());

        assertThat(audit.status()).as(audit.out()).isEqualTo(2);
        assertThat(audit.errors()).contains("no topic");
    }

    @Test
    @Order(4)
    void endsWithItsReportAndItsOwnStatusWhenItIsStopped() throws Exception {
        Path config = scene.directory().resolve("audit-1.yaml");
        Files.copy(scene.directory().resolve("sync-1.yaml"), config);
        SluiceProcess audit = new SluiceProcess("audit-1", "audit", config, 0, 0, LocalCluster.ENVIRONMENT);
        audit.launch();
        try {
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(audit.logFile()).contains("changes are read"));
        } finally {
            audit.close();
        }

        assertThat(audit.awaitEnd(PATIENCE)).as("nothing was judged").isEqualTo(2);
        assertThat(Files.readString(audit.logFile())).contains("within 60 s", "nothing could be judged");
    }

    private SluiceCommand audit(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "audit", "--config", scene.directory().resolve("sync-1.yaml").toString()));
        arguments.addAll(List.of(more));
        return SluiceCommand.run(scene.directory(), LocalCluster.ENVIRONMENT, arguments.toArray(String[]::new));
    }

    private static JsonNode json(SluiceCommand audit) {
        assertThat(audit.out()).as(audit.errors()).startsWith("{");
        return JsonMapper.builder().build().readTree(audit.out());
    }

    /** Somebody who changes one row after the other, until closed. */
    private static final class Writer implements AutoCloseable {
        private final AtomicBoolean open = new AtomicBoolean(true);
        private final Thread thread;
        private volatile @Nullable String failure;

        Writer(Scene scene, String statement, int rows) {
            thread = Thread.ofVirtual().start(() -> write(scene, statement, rows));
        }

        private void write(Scene scene, String statement, int rows) {
            try (Connection connection = scene.connect();
                    Statement update = connection.createStatement()) {
                for (int i = 0; open.get(); i++) {
                    update.execute(statement.formatted(1 + i % rows));
                    LockSupport.parkNanos(20_000_000);
                }
            } catch (SQLException e) {
                failure = e.toString();
            }
        }

        @Override
        public void close() {
            open.set(false);
            await().until(() -> !thread.isAlive());
        }
    }
}
