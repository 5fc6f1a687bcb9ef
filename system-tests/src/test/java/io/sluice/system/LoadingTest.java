package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.sluice.client.Answer;
import io.sluice.client.CacheAside;
import io.sluice.client.KeyOutcome;
import io.sluice.client.ServedFrom;
import io.sluice.cluster.RingState;
import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Batch loads and cache-aside groups on a real MySQL, with changes that come through the real pipeline. */
@SystemTest
@Order(6)
class LoadingTest {
    private static final int THINGS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Scene scene;

    LoadingTest(Devstack stack) {
        StringJoiner things = new StringJoiner(", ", "INSERT INTO things VALUES ", "");
        IntStream.rangeClosed(1, THINGS).forEach(id -> things.add("(" + id + ", 'n" + id + "')"));
        scene = Scene.start(
                stack,
                "loading",
                2,
                plan -> plan.withWarmUp(Duration.ofSeconds(1)),
                """
                groups:
                  thing:
                    source: app
                    key: "{id}"
                    load: "SELECT id, name FROM things WHERE id = :id"
                    batch-load: "SELECT id, name FROM things WHERE id IN (:ids)"
                  line:
                    source: app
                    key: "{order_id}:{no}"
                    rows: many
                    load: "SELECT order_id, no, what FROM order_lines WHERE order_id = :order_id AND no = :no ORDER BY what"
                    batch-load: "SELECT order_id, no, what FROM order_lines WHERE (order_id, no) IN (:lines) ORDER BY what"
                  person:
                    source: app
                    key: "{name}"
                    value: raw
                    load: "SELECT name, age FROM people WHERE name = :name"
                    batch-load: "SELECT name, age FROM people WHERE name IN (:names)"
                  mistaken:
                    source: app
                    key: "{id}"
                    load: "SELECT id, name FROM things WHERE id = :id"
                    batch-load: "SELECT name, id FROM things WHERE id IN (:ids)"
                  aside: { source: app, key: "{id}" }
                invalidate:
                  - table: ${db}.things
                    keys: [{ group: thing, key: "{id}" }, { group: mistaken, key: "{id}" }, { group: aside, key: "{id}" }]
                  - table: ${db}.order_lines
                    keys: [{ group: line, key: "{order_id}:{no}" }]
                  - table: ${db}.people
                    keys: [{ group: person, key: "{name}" }]
                """,
                "CREATE TABLE things (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL)",
                things.toString(),
                "CREATE TABLE order_lines (order_id BIGINT, no INT, what VARCHAR(20), KEY (order_id, no))",
                "INSERT INTO order_lines VALUES (1, 1, 'b'), (1, 1, 'a'), (1, 2, 'c'), (2, 1, 'd')",
                "INSERT INTO order_lines SELECT id + 1000, 1, 'x' FROM things",
                "CREATE TABLE people (name VARCHAR(20) PRIMARY KEY, age INT) DEFAULT CHARACTER SET utf8mb4",
                "INSERT INTO people VALUES ('ann', 30), ('bob', 40)");
        scene.cluster().awaitKeeping(scene.client(), "thing", "1");
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void fiveHundredColdKeysAreAFewQueries() throws SQLException {
        List<String> keys =
                IntStream.rangeClosed(101, THINGS + 3).mapToObj(String::valueOf).toList();
        // New holders peek key by key while the ring before drains.
        awaitNothingDrains();
        long before = selects();
        List<KeyOutcome> outcomes = scene.client().getMany("thing", keys);
        long queries = selects() - before;

        for (int i = 0; i < keys.size(); i++) {
            Answer answer = outcomes.get(i).orThrow();
            assertThat(answer.servedFrom()).isEqualTo(ServedFrom.SOURCE);
            if (i + 101 <= THINGS) {
                assertThat(answer.text()).hasValue("{\"id\":" + keys.get(i) + ",\"name\":\"n" + keys.get(i) + "\"}");
            } else {
                assertThat(answer.found()).isFalse();
            }
        }
        assertThat(queries)
                .as("two owners, a query each, the polls of the nodes meanwhile, and other processes")
                .isLessThan(150);
        long again = selects();
        assertThat(scene.client().getMany("thing", keys))
                .allSatisfy(
                        outcome -> assertThat(outcome.orThrow().servedFrom()).isNotEqualTo(ServedFrom.SOURCE));
        assertThat(selects() - again).isLessThan(150);
    }

    @Test
    void whatIsLoadedTogetherIsInvalidatedLikeEverythingElse() {
        List<String> keys = List.of("51", "52", "53");
        scene.client().getMany("thing", keys);
        scene.sql("UPDATE things SET name = 'other' WHERE id = 52");
        await().atMost(PATIENCE)
                .until(() -> texts("thing", keys)
                        .equals(List.of(
                                "{\"id\":51,\"name\":\"n51\"}",
                                "{\"id\":52,\"name\":\"other\"}",
                                "{\"id\":53,\"name\":\"n53\"}")));
    }

    @Test
    void rowsGoToTheirKeysInTheirOrder() {
        assertThat(texts("line", List.of("2:1", "1:1", "9:9", "1:2")))
                .containsExactly(
                        "[{\"order_id\":2,\"no\":1,\"what\":\"d\"}]",
                        "[{\"order_id\":1,\"no\":1,\"what\":\"a\"},{\"order_id\":1,\"no\":1,\"what\":\"b\"}]",
                        "-",
                        "[{\"order_id\":1,\"no\":2,\"what\":\"c\"}]");
    }

    /** MySQL finds ann for ANN, and a change of ann would not remove ANN. */
    @Test
    void looseSpellingsAreAnsweredAndNotKept() {
        List<String> keys = List.of("ann", "ANN", "bob", "Bo", "carl");
        for (int round = 0; round < 2; round++) {
            assertThat(texts("person", keys)).containsExactly("30", "30", "40", "-", "-");
        }
        assertThat(scene.client().get("person", "ann").servedFrom()).isNotEqualTo(ServedFrom.SOURCE);
        assertThat(scene.client().get("person", "ANN").servedFrom()).isEqualTo(ServedFrom.SOURCE);
    }

    @Test
    void aBatchLoadWithOtherColumnsIsNotUsed() {
        assertThat(texts("mistaken", List.of("1", "2")))
                .containsExactly("{\"id\":1,\"name\":\"n1\"}", "{\"id\":2,\"name\":\"n2\"}");
    }

    @Test
    void keysAsTextUseTheIndex() throws SQLException {
        try (Connection connection = scene.connect("&useServerPrepStmts=true")) {
            assertThat(rowsScanned(connection, "SELECT id, name FROM things WHERE id IN (?, ?, ?)", "7", "8", "9"))
                    .isZero();
            assertThat(rowsScanned(
                            connection,
                            "SELECT * FROM order_lines WHERE (order_id, no) IN ((?, ?), (?, ?))",
                            "1",
                            "1",
                            "2",
                            "1"))
                    .isZero();
        }
    }

    @Test
    void putsAreFencedByTheChangesOfTheirRow() {
        CacheAside aside = scene.client().cacheAside("aside");
        assertThat(aside.get("5", key -> Optional.of(ByteString.copyFromUtf8("five"))))
                .isPresent();
        assertThat(aside.get("5").answer().text()).hasValue("five");

        scene.client().remove("aside", List.of("6"));
        CacheAside.Lookup miss = aside.get("6");
        assertThat(miss.answer().stamp()).isNotEmpty();
        scene.sql("UPDATE things SET name = 'changed' WHERE id = 6");
        await().atMost(PATIENCE).until(() -> !miss.put(ByteString.copyFromUtf8("old")));
        await().atMost(PATIENCE).until(() -> aside.get("6").put(ByteString.copyFromUtf8("new")));
        assertThat(aside.get("6").answer().text()).hasValue("new");
        assertThat(miss.put(ByteString.copyFromUtf8("old"))).isFalse();
        assertThat(aside.get("6").answer().text()).hasValue("new");
    }

    private void awaitNothingDrains() {
        await().atMost(PATIENCE)
                .until(() ->
                        scene.client().topology().rings().stream().noneMatch(ring -> ring.state() != RingState.ACTIVE));
    }

    private List<String> texts(String group, List<String> keys) {
        return scene.client().getMany(group, keys).stream()
                .map(outcome -> outcome.orThrow().text().orElse("-"))
                .toList();
    }

    private long selects() throws SQLException {
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            return number(statement, "SHOW GLOBAL STATUS LIKE 'Com_select'");
        }
    }

    private static long rowsScanned(Connection connection, String sql, String... parameters) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement query = connection.prepareStatement(sql)) {
            long before = number(statement, "SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'");
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            int found = 0;
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found++;
                }
            }
            assertThat(found).isEqualTo(3);
            // The counter's own table is scanned for each reading of it.
            long after = number(statement, "SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'");
            long idle = number(statement, "SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'");
            return (after - before) - (idle - after);
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(2);
        }
    }
}
