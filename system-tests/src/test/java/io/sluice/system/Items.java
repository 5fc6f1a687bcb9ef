package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.ClusterPlan;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/** Rows with a version that grows, cached in the group {@code item}. Thread-safe. */
final class Items {
    static final String GROUP = "item";
    static final int COUNT = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Scene scene;

    Items(Scene scene) {
        this.scene = scene;
    }

    /** A scene with the table, filled, whose nodes keep what they load. */
    static Scene scene(Devstack stack, String name, int nodes) {
        return scene(stack, name, nodes, "", "");
    }

    /** The same with a cluster of another shape. */
    static Scene scene(Devstack stack, String name, int nodes, UnaryOperator<ClusterPlan> shape) {
        return scene(stack, name, nodes, shape, "", "");
    }

    /** The same with more groups and rules, in YAML, and their tables. */
    static Scene scene(
            Devstack stack, String name, int nodes, String moreGroups, String moreRules, String... moreStatements) {
        return scene(stack, name, nodes, plan -> plan, moreGroups, moreRules, moreStatements);
    }

    private static Scene scene(
            Devstack stack,
            String name,
            int nodes,
            UnaryOperator<ClusterPlan> shape,
            String moreGroups,
            String moreRules,
            String... moreStatements) {
        StringJoiner rows = new StringJoiner(", ", "INSERT INTO items VALUES ", "");
        for (int id = 1; id <= COUNT; id++) {
            rows.add("(" + id + ", 0)");
        }
        List<String> statements = new ArrayList<>(
                List.of("CREATE TABLE items (id INT PRIMARY KEY, version BIGINT NOT NULL)", rows.toString()));
        statements.addAll(List.of(moreStatements));
        Scene scene = Scene.start(
                stack, name, nodes, shape, """
                    groups:
                      item:
                        source: app
                        key: "{id}"
                        load: "SELECT id, version FROM items WHERE id = :id"
                    %sinvalidate:
                      - table: ${db}.items
                        keys:
                          - { group: item, key: "{id}" }
                    %s""".formatted(moreGroups, moreRules), statements.toArray(String[]::new));
        scene.cluster().awaitKeeping(scene.client(), GROUP, "1");
        return scene;
    }

    /** What the group has for such a row. */
    static String json(int id, long version) {
        return "{\"id\":" + id + ",\"version\":" + version + "}";
    }

    /** Has every node keep every key that it may keep. */
    void readAll() {
        differences(new TreeMap<>());
    }

    /**
     * Waits until every node answers what is in MySQL for every key, while nobody writes, and looks a second time,
     * since what is right now must stay right.
     */
    void awaitEveryNodeEqualsSource() throws SQLException {
        SortedMap<Integer, Long> source = source();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(differences(source))
                        .as("answers that differ from MySQL")
                        .isEmpty());
        assertThat(differences(source))
                .as("answers that were right and are wrong again")
                .isEmpty();
    }

    /** Every node that runs answers what is in MySQL for every key, now. */
    void assertEveryNodeEqualsSource() throws SQLException {
        assertThat(differences(source())).as("answers that differ from MySQL").isEmpty();
    }

    private SortedMap<Integer, Long> source() throws SQLException {
        SortedMap<Integer, Long> versions = new TreeMap<>();
        try (Connection connection = scene.connect();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT id, version FROM items")) {
            while (rows.next()) {
                versions.put(rows.getInt(1), rows.getLong(2));
            }
        }
        assertThat(versions).hasSize(COUNT);
        return versions;
    }

    private List<String> differences(SortedMap<Integer, Long> source) {
        List<String> differences = new ArrayList<>();
        for (SluiceProcess node : running()) {
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int id = 1; id <= COUNT; id++) {
                answers.add(scene.client().on(node.name()).getAsync(GROUP, Integer.toString(id), ReadOptions.DEFAULT));
            }
            for (int id = 1; id <= COUNT; id++) {
                String answer = text(answers.get(id - 1));
                Long version = source.get(id);
                if (version != null && !answer.equals(json(id, version))) {
                    differences.add(node.name() + ": " + answer + ", MySQL has version " + version);
                }
            }
        }
        return differences;
    }

    private List<SluiceProcess> running() {
        return scene.nodes().stream().filter(SluiceProcess::isAlive).toList();
    }

    private static String text(CompletableFuture<Answer> answer) {
        try {
            return answer.join().text().orElse("not found");
        } catch (CompletionException e) {
            return String.valueOf(e.getCause());
        }
    }
}
