package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.faults.ChangeFlow;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.coherence.SourcePosition;
import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Nodes agree with MySQL while many write and read. */
@SystemTest
@Order(2)
class CoherenceTest {
    private static final String LATCHED = "latched";
    private static final String EXECUTED = "SELECT @@global.gtid_executed";
    /** Loads that wait for the latch. */
    private static final String WAITING = "SELECT COUNT(*) FROM performance_schema.metadata_locks"
            + " WHERE OBJECT_TYPE = 'USER LEVEL LOCK' AND OBJECT_NAME = 'latch' AND LOCK_STATUS = 'PENDING'";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Scene scene;

    CoherenceTest(Devstack stack) {
        scene = Items.scene(
                stack,
                "coherence",
                3,
                PrimeProduct.GROUPS + """
                  latched:
                    source: app
                    key: "{id}"
                    load: "SELECT id, version, GET_LOCK('latch', 2) AS got, RELEASE_LOCK('latch') AS gone FROM latched WHERE id = :id"
                """,
                PrimeProduct.RULES + """
                  - table: ${db}.latched
                    keys:
                      - { group: latched, key: "{id}" }
                """,
                PrimeProduct.TABLE,
                "INSERT INTO numbers VALUES (1, 1), (2, 1), (3, 1)",
                "CREATE TABLE latched (id INT PRIMARY KEY, version BIGINT NOT NULL)",
                "INSERT INTO latched VALUES (1, 1)",
                ChangeFlow.MARKS_TABLE);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void everyAnswerEqualsMysqlOnceWritersAreQuiet() throws SQLException {
        Items items = new Items(scene);
        items.readAll();
        Traffic traffic = Traffic.start(scene);
        try (traffic) {
            traffic.awaitWrites(2_000);
        }
        items.awaitEveryNodeEqualsSource();
        assertThat(traffic.failedReads()).isEmpty();
    }

    @Test
    void readAtTheOwnPositionHasTheOwnPrimes() throws Exception {
        new PrimeProduct(
                        scene,
                        1,
                        (connection, options) -> options.withMinPosition(PrimeProduct.text(connection, EXECUTED)))
                .multiply(20);
    }

    @Test
    void readAfterTheRemoveIsDoneHasTheOwnPrimes() throws Exception {
        new PrimeProduct(scene, 2, (connection, options) -> {
                    awaitRemovesDone();
                    return options;
                })
                .multiply(8);
    }

    /**
     * The load holds an old row while the Remove passes; who asks after that must not be given what it brings.
     *
     * <pre>
     *  1: Get           2: UPDATE         3: Get
     *  1: load reads the old row, waits
     *                   2: Remove done
     *                                     3: does not join the load of 1
     *  1: load ends with the old row, which is not kept
     *                                     3: has the new row
     * </pre>
     */
    @Test
    void whoAsksAfterTheRemoveSeesTheNewRowThoughAnOlderLoadIsStillRunning() throws Exception {
        try (Connection connection = scene.connect();
                Statement latch = connection.createStatement()) {
            assertThat(PrimeProduct.text(latch, "SELECT GET_LOCK('latch', 10)")).isEqualTo("1");
            CompletableFuture<Answer> early = scene.client().getAsync(LATCHED, "1");
            await().atMost(PATIENCE)
                    .until(() -> !PrimeProduct.text(latch, WAITING).equals("0"));
            scene.sql("UPDATE latched SET version = 2 WHERE id = 1");
            awaitRemovesDone();
            List<CompletableFuture<Answer>> late = scene.nodes().stream()
                    .map(node -> scene.client().on(node.name()).getAsync(LATCHED, "1", ReadOptions.DEFAULT))
                    .toList();
            assertThat(PrimeProduct.text(latch, "SELECT RELEASE_LOCK('latch')")).isEqualTo("1");
            assertThat(late)
                    .allSatisfy(answer -> assertThat(answer.join().text())
                            .hasValueSatisfying(row -> assertThat(row).contains("\"version\":2")));
            assertThat(early.join().found()).isTrue();
        }
        assertThat(scene.nodes())
                .allSatisfy(node -> assertThat(scene.on(node, LATCHED, "1").text())
                        .hasValueSatisfying(row -> assertThat(row).contains("\"version\":2")));
    }

    /** What survived every Remove up to a position is as good as loaded there, and costs no load. */
    @Test
    void entriesThatNothingRemovesKeepUpWithTheSource() throws SQLException {
        String key = "7";
        scene.nodes().forEach(node -> scene.on(node, Items.GROUP, key));
        scene.sql("UPDATE numbers SET product = product WHERE id = 2");
        SourcePosition later = SourcePosition.parse(scene.stack().mysql().executedGtids());
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer answer = scene.client().get(Items.GROUP, key);
            assertThat(answer.servedFrom()).isIn(ServedFrom.MEMORY, ServedFrom.REPLICA);
            assertThat(SourcePosition.parse(answer.stamp()).covers(later)).isTrue();
        });
    }

    /** Returns when all that was committed before this call is removed on every holder. */
    private void awaitRemovesDone() {
        try (ChangeFlow flow = new ChangeFlow(scene::connect, scene.stack(), LocalCluster.syncGroup(scene.name()))) {
            flow.awaitApplied();
        }
    }
}
