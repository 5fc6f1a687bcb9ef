package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.SluiceException;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.PublishedText;
import io.sluice.devstack.Devstack;
import io.sluice.mapping.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The rules change while everything runs: two nodes and a sync service read the same file, and later the same key of
 * etcd. The group {@code score} is read from a table that no rule names at first.
 */
@SystemTest
@Order(7)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RulesReloadTest {
    private static final String NAME = "reload";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RULE = """
              - table: reload.scores
                keys:
                  - { group: score, key: "{id}" }
            """;

    private final Scene scene;
    private final Items items;
    private final Path file;

    RulesReloadTest(Devstack stack) {
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
                "",
                "CREATE TABLE scores (id INT PRIMARY KEY, points INT NOT NULL, bonus INT NOT NULL)",
                "INSERT INTO scores VALUES (1, 10, 5), (2, 20, 5)");
        items = new Items(scene);
        file = scene.directory().resolve("rules.yaml");
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    @Order(1)
    void aRuleThatIsAddedReachesWhatWasCachedWithoutItAndLeavesOtherGroupsAlone() throws Exception {
        items.readAll();
        items.readAll();
        score("1");
        scene.sql("UPDATE scores SET points = 11 WHERE id = 1");
        awaitStreamIsFollowed();
        assertThat(score("1")).as("no rule reaches it").containsOnly("{\"id\":1,\"points\":10}");
        double entries = entries();
        double loads = loads();

        try (Readers readers = new Readers(scene)) {
            Files.writeString(file, Files.readString(file) + RULE);

            awaitScore("1", "{\"id\":1,\"points\":11}");
            awaitAll("sluice_rules_reload_total", 1, "result=\"taken\"");
            scene.sql("UPDATE scores SET points = 12 WHERE id = 1");
            awaitScore("1", "{\"id\":1,\"points\":12}");
            assertThat(readers.failures).isEmpty();
        }
        assertThat(entries()).as("entries of the group that did not change").isEqualTo(entries);
        items.readAll();
        assertThat(loads()).as("its loads").isEqualTo(loads);
        await().atMost(PATIENCE).until(() -> Metrics.sum(sync(), "sluice_sync_groups_to_clear") == 0);
        assertThat(fingerprints()).hasSize(1);
    }

    @Test
    @Order(2)
    void anInvalidFileIsRefusedAndTheOldRulesStayInForce() throws Exception {
        String valid = Files.readString(file);
        Files.writeString(file, valid.replace("keys:", "kees:"));

        awaitAll("sluice_rules_refused", 1);
        awaitAll("sluice_rules_reload_total", 1, "result=\"refused\"");
        scene.sql("UPDATE scores SET points = 13 WHERE id = 1");
        awaitScore("1", "{\"id\":1,\"points\":13}");
        for (SluiceProcess process : all()) {
            assertThat(Files.readString(process.logFile()))
                    .contains("New rules are refused and the old ones stay")
                    .contains("did you mean 'keys'");
        }

        Files.writeString(file, valid);
        awaitAll("sluice_rules_refused", 0);
    }

    @Test
    @Order(3)
    void anotherLoadIsInForceOnEveryNodeWithoutAFailedRead() throws Exception {
        score("2");
        try (Readers readers = new Readers(scene)) {
            Files.writeString(file, Files.readString(file).replace("SELECT id, points FROM", "SELECT id, bonus FROM"));

            awaitScore("2", "{\"id\":2,\"bonus\":5}");
            for (int i = 0; i < 100; i++) {
                assertThat(score("2")).containsOnly("{\"id\":2,\"bonus\":5}");
            }
            assertThat(readers.failures).isEmpty();
        }
    }

    /** The sync service maps by earlier rules than the nodes load by; then it dies and comes back with the new ones. */
    @Test
    @Order(4)
    void aSyncServiceThatComesBackWithOtherRulesClearsWhatItHadMappedByTheOldOnes() throws Exception {
        Path config = scene.directory().resolve("sync-1.yaml");
        Path old = scene.directory().resolve("rules-of-sync.yaml");
        String rules = Files.readString(file);
        Files.writeString(old, rules.replace(RULE, ""));
        sync().close();
        Files.writeString(config, Files.readString(config).replace("rules: rules.yaml", "rules: rules-of-sync.yaml"));
        restart(sync());
        await().atMost(PATIENCE).until(() -> Metrics.sum(sync(), "sluice_sync_groups_to_clear") == 0);
        awaitScore("2", "{\"id\":2,\"bonus\":5}");
        scene.sql("UPDATE scores SET bonus = 6 WHERE id = 2");
        awaitStreamIsFollowed();
        double commits = Metrics.sum(sync(), "sluice_sync_commits_total", "outcome=\"ok\"");
        await().atMost(PATIENCE).until(() -> {
            awaitStreamIsFollowed();
            return Metrics.sum(sync(), "sluice_sync_commits_total", "outcome=\"ok\"") > commits;
        });
        assertThat(score("2")).as("mapped by rules without the table").containsOnly("{\"id\":2,\"bonus\":5}");

        sync().kill();
        sync().awaitEnd(PATIENCE);
        Files.writeString(old, rules);
        restart(sync());

        awaitScore("2", "{\"id\":2,\"bonus\":6}");
    }

    @Test
    @Order(5)
    void rulesThatArePublishedInEtcdChangeAllProcesses() throws Exception {
        EtcdSettings etcd = EtcdSettings.of(List.of(scene.stack().etcd().endpoint()), NAME);
        String rules = Files.readString(file);
        PublishedText.publish(etcd, PublishedText.RULES, rules);
        for (SluiceProcess process : all()) {
            Path config = scene.directory().resolve(process.name() + ".yaml");
            process.close();
            Files.writeString(config, Files.readString(config).replaceAll("rules: rules[-a-z]*\\.yaml", "rules: etcd"));
        }
        all().forEach(SluiceProcess::launch);
        all().forEach(SluiceProcess::awaitReady);
        awaitScore("2", "{\"id\":2,\"bonus\":6}");

        PublishedText.publish(
                etcd, PublishedText.RULES, rules.replace("SELECT id, bonus FROM", "SELECT id, points FROM"));

        awaitScore("2", "{\"id\":2,\"points\":20}");
        awaitAll("sluice_rules_reload_total", 1, "result=\"taken\"");
        scene.sql("UPDATE scores SET points = 21 WHERE id = 2");
        awaitScore("2", "{\"id\":2,\"points\":21}");
        String fingerprint = Rules.parse(
                        "rules.yaml",
                        rules.replace("SELECT id, bonus FROM", "SELECT id, points FROM"),
                        LocalCluster.ENVIRONMENT)
                .fingerprint();
        assertThat(fingerprints()).containsExactly(fingerprint);
    }

    private static void restart(SluiceProcess process) {
        process.launch();
        process.awaitReady();
    }

    private SluiceProcess sync() {
        return scene.cluster().sync();
    }

    private List<SluiceProcess> all() {
        return Stream.concat(scene.nodes().stream(), Stream.of(sync())).toList();
    }

    private List<String> score(String id) {
        return scene.nodes().stream()
                .map(node -> scene.on(node, "score", id).text().orElse("not found"))
                .toList();
    }

    /** Every node answers this, and goes on to. */
    private void awaitScore(String id, String json) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(score(id)).containsOnly(json));
        assertThat(score(id)).containsOnly(json);
    }

    /** What was written before this is mapped when this returns. */
    private void awaitStreamIsFollowed() throws Exception {
        scene.sql("UPDATE items SET version = version + 1 WHERE id = 1");
        items.awaitEveryNodeEqualsSource();
    }

    private void awaitAll(String metric, double value, String... labels) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(all())
                        .allSatisfy(process -> assertThat(Metrics.sum(process, metric, labels))
                                .as(process.name())
                                .isEqualTo(value)));
    }

    private double entries() {
        return sum("sluice_store_entries");
    }

    private double loads() {
        return sum("sluice_node_load_seconds_count");
    }

    private double sum(String metric) {
        return Metrics.sum(scene.nodes(), metric, "group=\"item\"");
    }

    private Set<String> fingerprints() {
        return all().stream()
                .map(process -> Metrics.label(process, "sluice_rules_version", "fingerprint"))
                .collect(Collectors.toSet());
    }

    /** Somebody who reads on every node all the time, until closed. */
    private static final class Readers implements AutoCloseable {
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean open = new AtomicBoolean(true);
        private final List<Thread> threads = new ArrayList<>();

        Readers(Scene scene) {
            for (SluiceProcess node : scene.nodes()) {
                threads.add(Thread.ofVirtual().start(() -> read(scene, node)));
            }
        }

        private void read(Scene scene, SluiceProcess node) {
            for (int i = 0; open.get(); i++) {
                try {
                    scene.on(node, i % 2 == 0 ? "score" : Items.GROUP, Integer.toString(1 + i % 2));
                } catch (SluiceException e) {
                    failures.add(node.name() + ": " + e.getMessage());
                }
                LockSupport.parkNanos(2_000_000);
            }
        }

        @Override
        public void close() {
            open.set(false);
            await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }
}
