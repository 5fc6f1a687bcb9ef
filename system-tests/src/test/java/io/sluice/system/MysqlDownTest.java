package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.sluice.client.Answer;
import io.sluice.client.ErrorCode;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceException;
import io.sluice.coherence.SourcePosition;
import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * MySQL is away: what is in memory is answered, loads say why they fail, nothing hangs. The last class, since Canal
 * comes back to MySQL only after 10 to 20 s.
 */
@SystemTest
@Order(100)
class MysqlDownTest {
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(20));
    private static final Duration RECOVERS_WITHIN = Duration.ofSeconds(90);

    private final Devstack stack;
    private final Scene scene;

    MysqlDownTest(Devstack stack) throws SQLException {
        this.stack = stack;
        commitXa();
        this.scene = Items.scene(stack, "mysql_down", 2);
    }

    /** So that the sync service finds one at its first heartbeat, and clears the groups for it. */
    private void commitXa() throws SQLException {
        try (Connection connection = stack.mysql().rootConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("XA START 'down'");
            statement.execute("XA END 'down'");
            statement.execute("XA COMMIT 'down' ONE PHASE");
        }
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void memoryAnswersAndLoadsSayWhyUntilMysqlIsBack() throws SQLException {
        awaitInMemory();
        stack.mysql().stop();
        try {
            assertMemoryAnswersAndLoadsFail("11", ReadOptions.DEFAULT);
        } finally {
            stack.mysql().restart();
        }
        await().atMost(RECOVERS_WITHIN)
                .ignoreExceptions()
                .until(() -> scene.client().get(Items.GROUP, "11").found());
        awaitChangeIsSeen();
        // Frozen: it takes connections and says nothing.
        stack.mysql().pause();
        try {
            assertMemoryAnswersAndLoadsFail("12", PATIENT);
        } finally {
            stack.mysql().resume();
        }
        assertThat(scene.client().get(Items.GROUP, "12").found()).isTrue();
    }

    private void assertMemoryAnswersAndLoadsFail(String coldKey, ReadOptions options) {
        assertThat(answer().servedFrom()).isEqualTo(ServedFrom.MEMORY);
        SluiceException failure =
                catchThrowableOfType(SluiceException.class, () -> scene.client().get(Items.GROUP, coldKey, options));
        assertThat(failure.code()).as(failure.toString()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure)
                .hasMessageContaining("Source app did not answer a load of group item")
                .hasMessageContaining("check that the database is up");
        assertThat(answer().servedFrom()).isEqualTo(ServedFrom.MEMORY);
    }

    private void awaitChangeIsSeen() throws SQLException {
        scene.sql("UPDATE items SET version = 7 WHERE id = 1");
        scene.nodes()
                .forEach(node -> await().atMost(RECOVERS_WITHIN)
                        .untilAsserted(() -> assertThat(
                                        scene.on(node, Items.GROUP, "1").text())
                                .hasValue(Items.json(1, 7))));
        awaitInMemory();
    }

    /**
     * Until the key is in memory and nothing that was before can remove it any more. The sync service has just begun:
     * it may find at its first heartbeat that the groups are to be cleared, as after an XA transaction, and until then
     * nobody is told of positions. So the entry has to get the position of a change that came after it was loaded; and
     * once more, since what removed it meanwhile was perhaps only what the rows were made by.
     */
    private void awaitInMemory() throws SQLException {
        for (int round = 0; round < 2; round++) {
            await().atMost(RECOVERS_WITHIN).until(() -> answer().servedFrom() == ServedFrom.MEMORY);
            scene.sql("UPDATE items SET version = version + 1 WHERE id = 2");
            SourcePosition later = SourcePosition.parse(stack.mysql().executedGtids());
            await().atMost(RECOVERS_WITHIN)
                    .until(() -> answer().servedFrom() == ServedFrom.MEMORY
                            && SourcePosition.parse(answer().stamp()).covers(later));
        }
    }

    private Answer answer() {
        return scene.client().get(Items.GROUP, "1");
    }
}
