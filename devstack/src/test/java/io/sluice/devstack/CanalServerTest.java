package io.sluice.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.devstack.junit.DevstackExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(DevstackExtension.class)
class CanalServerTest {
    @Test
    void carriesInsertUpdateAndDeleteToKafkaWithTheirPositions(Devstack stack) throws SQLException {
        try (CanalTopic topic = new CanalTopic(stack, "pets")) {
            update(
                    stack,
                    "CREATE TABLE pets (id INT PRIMARY KEY, name VARCHAR(20))",
                    "INSERT INTO pets VALUES (1, 'Rex')",
                    "UPDATE pets SET name = 'Max' WHERE id = 1",
                    "DELETE FROM pets WHERE id = 1");

            List<JsonNode> rows = topic.awaitRows(3);

            assertThat(rows)
                    .extracting(row -> row.get("type").asString())
                    .containsExactly("INSERT", "UPDATE", "DELETE");
            assertThat(rows).allSatisfy(row -> {
                assertThat(row.get("gtid").asString()).isNotEmpty();
                assertThat(row.at("/data/0/id").asString()).isEqualTo("1");
            });
            assertThat(rows.get(1).at("/old/0/name").asString()).isEqualTo("Rex");
        }
    }

    @Test
    void losesNothingWhenKilledAndRestartedNotEvenRowsOfATableDroppedSince(Devstack stack) throws SQLException {
        CanalServer canal = stack.canal();
        try (CanalTopic topic = new CanalTopic(stack, "short_lived")) {
            update(stack, "CREATE TABLE short_lived (id INT PRIMARY KEY)", "INSERT INTO short_lived VALUES (1)");
            topic.awaitRows(1);

            canal.kill();
            update(stack, "INSERT INTO short_lived VALUES (2)", "DROP TABLE short_lived");
            canal.restart();

            assertThat(topic.awaitRow(row -> row.at("/data/0/id").asString().equals("2"))
                            .get("gtid")
                            .asString())
                    .isNotEmpty();
        }
    }

    @Test
    void catchesUpAfterKafkaWasKilled(Devstack stack) throws SQLException {
        try (CanalTopic topic = new CanalTopic(stack, "after_kill")) {
            update(stack, "CREATE TABLE after_kill (id INT PRIMARY KEY)");
            stack.kafka().kill();
            update(stack, "INSERT INTO after_kill VALUES (1)");
            stack.kafka().restart();
            assertThat(topic.awaitRows(1)).hasSize(1);
        }
    }

    private static void update(Devstack stack, String... statements) throws SQLException {
        try (Connection connection = stack.mysql().connection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }
}
