package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
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

/**
 * N threads each multiply one number in MySQL by a prime of their own. When such a change has come through, whatever a
 * node answers has the prime as often as its thread has multiplied: an older value lacks it, whoever changed the number
 * since. Thread-safe.
 */
final class PrimeProduct {
    static final String GROUP = "number";
    static final String GROUPS = """
              number:
                source: app
                key: "{id}"
                load: "SELECT id, product FROM numbers WHERE id = :id"
            """;
    static final String RULES = """
              - table: ${db}.numbers
                keys:
                  - { group: number, key: "{id}" }
            """;
    static final String TABLE = "CREATE TABLE numbers (id INT PRIMARY KEY, product DECIMAL(65,0) NOT NULL)";

    private static final List<Integer> PRIMES = List.of(2, 3, 5, 7);
    private static final Pattern PRODUCT = Pattern.compile("\\{\"id\":\\d+,\"product\":(\\d+)}");
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(20));

    private final Scene scene;
    private final int id;
    private final Passage passage;

    /** When a change has come through. */
    interface Passage {
        /**
         * Returns when the last change of the calling thread has come through.
         *
         * @param connection has just committed it
         * @return how reads of it must be made
         */
        ReadOptions await(Statement connection, ReadOptions options) throws SQLException;
    }

    /** @param id of a number that nobody else changes, and that is 1 */
    PrimeProduct(Scene scene, int id, Passage passage) {
        this.scene = scene;
        this.id = id;
        this.passage = passage;
    }

    /** Has every thread multiply so often, and look at every node each time; (2 · 3 · 5 · 7)^20 has 47 digits. */
    void multiply(int rounds) throws ExecutionException, InterruptedException {
        List<Future<Integer>> looks = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            PRIMES.forEach(prime -> looks.add(threads.submit(() -> multiply(prime, rounds))));
        }
        for (Future<Integer> look : looks) {
            assertThat(look.get()).isEqualTo(rounds * scene.nodes().size());
        }
    }

    private int multiply(int prime, int rounds) throws SQLException {
        BigInteger own = BigInteger.ONE;
        int looks = 0;
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            for (int round = 1; round <= rounds; round++) {
                multiplyInMysql(connection, statement, prime);
                own = own.multiply(BigInteger.valueOf(prime));
                ReadOptions options = passage.await(statement, PATIENT);
                for (SluiceProcess node : scene.nodes()) {
                    Answer answer = scene.client().on(node.name()).get(GROUP, Integer.toString(id), options);
                    assertThat(product(answer).mod(own))
                            .as("rest of the answer of %s, by %s^%s: %s", node.name(), prime, round, answer)
                            .isEqualTo(BigInteger.ZERO);
                    looks++;
                }
            }
        }
        return looks;
    }

    private void multiplyInMysql(Connection connection, Statement statement, int prime) throws SQLException {
        connection.setAutoCommit(false);
        BigInteger before =
                new BigInteger(text(statement, "SELECT product FROM numbers WHERE id = " + id + " FOR UPDATE"));
        statement.executeUpdate(
                "UPDATE numbers SET product = " + before.multiply(BigInteger.valueOf(prime)) + " WHERE id = " + id);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static BigInteger product(Answer answer) {
        Matcher json = PRODUCT.matcher(answer.text().orElse("not found"));
        assertThat(json.matches()).as(answer.toString()).isTrue();
        return new BigInteger(json.group(1));
    }

    /** The only column of the only row. */
    static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
