package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.coherence.SourcePosition;
import io.sluice.devstack.Devstack;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Nodes agree with MySQL while many write and read. */
@SystemTest
@Order(2)
class CoherenceTest {
    private static final List<Integer> PRIMES = List.of(2, 3, 5, 7);
    /** (2 · 3 · 5 · 7)^20 has 47 digits. */
    private static final int ROUNDS = 20;

    private static final Pattern PRODUCT = Pattern.compile("\\{\"id\":1,\"product\":(\\d+)}");
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(20));

    private final Scene scene;

    CoherenceTest(Devstack stack) {
        scene = Items.scene(
                stack,
                "coherence",
                3,
                """
                  number:
                    source: app
                    key: "{id}"
                    load: "SELECT id, product FROM numbers WHERE id = :id"
                """,
                """
                  - table: ${db}.numbers
                    keys:
                      - { group: number, key: "{id}" }
                """,
                "CREATE TABLE numbers (id INT PRIMARY KEY, product DECIMAL(65,0) NOT NULL)",
                "INSERT INTO numbers VALUES (1, 1)");
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

    /** N threads each multiply one number by a prime of their own; what each then reads has it as often. */
    @Test
    void readAtTheOwnPositionHasTheOwnPrimes() throws ExecutionException, InterruptedException {
        List<Future<Integer>> multipliers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            PRIMES.forEach(prime -> multipliers.add(threads.submit(() -> multiply(prime))));
        }
        for (Future<Integer> multiplier : multipliers) {
            assertThat(multiplier.get()).isEqualTo(ROUNDS);
        }
    }

    /** What survived every Remove up to a position is as good as loaded there, and costs no load. */
    @Test
    void entriesThatNothingRemovesKeepUpWithTheSource() throws SQLException {
        String key = "7";
        scene.nodes().forEach(node -> scene.on(node, Items.GROUP, key));
        scene.sql("UPDATE numbers SET product = product WHERE id = 2");
        SourcePosition later;
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            later = SourcePosition.parse(text(statement, "SELECT @@global.gtid_executed"));
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer answer = scene.client().get(Items.GROUP, key);
            assertThat(answer.servedFrom()).isIn(ServedFrom.MEMORY, ServedFrom.REPLICA);
            assertThat(SourcePosition.parse(answer.stamp()).covers(later)).isTrue();
        });
    }

    private int multiply(int prime) throws SQLException {
        BigInteger own = BigInteger.ONE;
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            for (int round = 1; round <= ROUNDS; round++) {
                multiplyInMysql(connection, statement, prime);
                own = own.multiply(BigInteger.valueOf(prime));
                String position = text(statement, "SELECT @@global.gtid_executed");
                String node = scene.nodes()
                        .get((prime + round) % scene.nodes().size())
                        .name();
                Answer answer = scene.client().on(node).get("number", "1", PATIENT.withMinPosition(position));
                assertThat(product(answer).mod(own))
                        .as("rest of the answer of %s, from %s, by %s^%s", node, answer.servedFrom(), prime, round)
                        .isEqualTo(BigInteger.ZERO);
            }
        }
        return ROUNDS;
    }

    private static void multiplyInMysql(Connection connection, Statement statement, int prime) throws SQLException {
        connection.setAutoCommit(false);
        BigInteger before = new BigInteger(text(statement, "SELECT product FROM numbers WHERE id = 1 FOR UPDATE"));
        statement.executeUpdate("UPDATE numbers SET product = " + before.multiply(BigInteger.valueOf(prime)));
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static BigInteger product(Answer answer) {
        Matcher json = PRODUCT.matcher(answer.text().orElse("not found"));
        assertThat(json.matches()).as(answer.toString()).isTrue();
        return new BigInteger(json.group(1));
    }
}
