package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.sluice.coherence.SourcePosition;
import io.sluice.config.Secret;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import io.sluice.devstack.Part;
import io.sluice.mapping.FanOut;
import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.fanout.FanOutRequest;
import io.sluice.sync.fanout.FanOutSettings;
import io.sluice.sync.fanout.FanOuts;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.source.CanalFlatJson;
import io.sluice.sync.source.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What queries of rules find on a MySQL of their own, which can be made to lag, to refuse and to stand still. */
@Order(4)
final class FanOutQueriesTest {
    private static final String TABLE = "CREATE TABLE app.t (id INT PRIMARY KEY, course INT, price DECIMAL(10,2),"
            + " at TIMESTAMP(3) NULL, raw BINARY(3), kind ENUM('new','paid'), day DATE, flag TINYINT(1), doc JSON)";
    private static final Pattern EXAMPLE = Pattern.compile(
            "## Keys that a query finds\n.*?```yaml\n(.*?)```\n```json\n(.*?)```.*?```sql\n(.*?)```.*?```\n(removes.*?)```",
            Pattern.DOTALL);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Devstack stack;
    private static MysqlServer mysql;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final SyncMetrics metrics = new SyncMetrics(registry);
    private final List<Removal> removed = new CopyOnWriteArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private final SecondRemovals removals = SecondRemovals.start(
            (removal, whenDone) -> {
                removed.add(removal);
                whenDone.run();
            },
            10,
            Duration.ZERO,
            metrics);
    private @Nullable FanOuts fanOuts;

    @BeforeAll
    static void start() throws SQLException {
        stack = Devstack.builder().only(Part.MYSQL).start();
        mysql = stack.mysql();
        sql("SET GLOBAL time_zone = '+05:00'");
        sql(TABLE);
        sql(
                "INSERT INTO app.t VALUES (1, 3, 1, '2024-03-01 05:00:00.5', 'a', 'paid', '2024-02-29', 2, '{\"a\": 7}'),"
                        + " (2, 3, 2.5, NULL, 'abc', 'new', '2024-01-01', 1, '{}'), (3, NULL, 0, NULL, '', NULL, NULL, 0, NULL)");
        sql("GRANT SELECT ON app.* TO '" + MysqlServer.SYNC_USERNAME + "'@'%'");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @AfterEach
    void close() {
        if (fanOuts != null) {
            fanOuts.close();
        }
        removals.close();
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection = mysql.rootConnection();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static int count(String query) throws SQLException {
        try (Connection connection = mysql.rootConnection();
                Statement run = connection.createStatement();
                ResultSet row = run.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The set with one transaction more than there are. */
    private static String nextGtids() throws SQLException {
        String executed = mysql.executedGtids();
        int dash = executed.lastIndexOf('-');
        return executed.substring(0, dash + 1) + (Integer.parseInt(executed.substring(dash + 1)) + 1);
    }

    /** Runs what docs/rules.md shows: its tables, its rules, its message. */
    @Test
    void theExampleOfTheGuideFindsWhatItSays() throws SQLException, IOException, MalformedRecordException {
        String guide = Files.readString(Path.of("..", "docs", "rules.md"), UTF_8);
        Matcher beginning =
                Pattern.compile("```\n(version: 1\n.*?)```", Pattern.DOTALL).matcher(guide);
        Matcher example = EXAMPLE.matcher(guide);
        assertThat(beginning.find() && example.find()).isTrue();
        sql("CREATE DATABASE shop");
        sql("GRANT SELECT ON shop.* TO '" + MysqlServer.SYNC_USERNAME + "'@'%'");
        for (String statement : example.group(3).lines().toList()) {
            sql(statement.replace("enrollments", "shop.enrollments"));
        }
        Rules rules = Rules.parse(
                "rules.yaml",
                beginning.group(1).replace("jdbc:mysql://mysql/shop", mysql.jdbcUrl("shop")) + example.group(1),
                Map.of());
        RowChange change = new CanalFlatJson(1 << 16)
                .decode(example.group(2).getBytes(UTF_8))
                .changes()
                .getFirst();
        Invalidation asked = rules.invalidations(change).getFirst();
        fanOuts(LONG)
                .submit(
                        new FanOutRequest(
                                asked.group(), requireNonNull(asked.fanOut()), mysql.executedGtids(), asked.again()),
                        done::incrementAndGet);
        await().atMost(LONG).untilAsserted(() -> assertThat(done).hasValue(1));
        assertThat(removed.stream().map(removal -> "removes key " + removal.key() + " of group " + removal.group()))
                .containsExactlyElementsOf(example.group(4).lines().toList());
    }

    private FanOuts fanOuts(Duration timeout) {
        FanOuts known = fanOuts;
        if (known == null) {
            FanOutSettings settings = new FanOutSettings(
                    10,
                    timeout,
                    1,
                    10,
                    Duration.ofSeconds(1),
                    MysqlServer.SYNC_USERNAME,
                    new Secret(MysqlServer.SYNC_PASSWORD));
            known = new FanOuts(settings, removals, source -> SourcePosition.UNKNOWN, metrics);
            fanOuts = known;
        }
        return known;
    }

    private void ask(Duration timeout, String position, String key, String query, @Nullable String... parameters) {
        Rules rules = Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "%s", username: nobody }
                groups:
                  g: { source: app, key: "{k}" }
                invalidate:
                  - table: app.courses
                    keys: [ { group: g, key: "%s", query: "%s" } ]
                """.formatted(mysql.jdbcUrl(), key, query), Map.of());
        fanOuts(timeout)
                .submit(
                        new FanOutRequest(
                                "g",
                                new FanOut(rules.fanOuts().getFirst().query(), Arrays.asList(parameters)),
                                position,
                                Duration.ZERO),
                        done::incrementAndGet);
    }

    private List<String> keys(String key, String query, @Nullable String... parameters) throws SQLException {
        ask(LONG, mysql.executedGtids(), key, query, parameters);
        await().atMost(LONG).untilAsserted(() -> assertThat(done).hasPositiveValue());
        assertThat(outcomes()).isEqualTo("keys");
        return removed.stream().map(Removal::key).toList();
    }

    /** The outcomes so far, without how often. */
    private String outcomes() {
        return String.join(
                " ",
                registry.scrape("sluice_sync_fan_outs"::equals).stream()
                        .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                        .map(point -> String.valueOf(point.getLabels().get("outcome")))
                        .sorted()
                        .toList());
    }

    private void awaitCleared(String outcome) {
        await().atMost(LONG).untilAsserted(() -> assertThat(done).hasPositiveValue());
        assertThat(outcomes()).isEqualTo(outcome);
        assertThat(removed).hasSize(1).allMatch(removal -> !removal.isKey());
    }

    @Test
    void keysAreThoseThatANodeChecksALoadedRowBy() throws SQLException {
        assertThat(keys(
                        "{price}|{at}|{raw}|{kind}|{day}|{flag}|{json(doc, '$.a')}",
                        "SELECT price, at, raw, kind, day, flag, doc FROM t WHERE course = :course ORDER BY id",
                        "3"))
                // Row 2 has NULL in its key.
                .containsExactly("1.00|2024-03-01 00:00:00.500|610000|paid|2024-02-29|2|7");
    }

    @Test
    void parametersAreComparedAsALoadWould() throws SQLException {
        assertThat(keys(
                        "{id}",
                        "SELECT id FROM t WHERE at = :at AND raw = UNHEX(:raw) AND price = :price AND kind = :kind",
                        "2024-03-01 00:00:00.500",
                        "610000",
                        "1.00",
                        "paid"))
                .containsExactly("1");
    }

    @Test
    void aNullFindsWhatTheQuerySays() throws SQLException {
        String none = null;
        assertThat(keys("{id}", "SELECT id FROM t WHERE course <=> :course", none))
                .containsExactly("3");
    }

    /** As when MySQL hands an event out before its commit is visible, or a replica lags. */
    @Test
    void aChangeThatIsNotVisibleYetIsWaitedFor() throws SQLException {
        ask(LONG, nextGtids(), "{id}", "SELECT id FROM t WHERE course = :course", "77");
        await().atMost(LONG)
                .until(() -> count("SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_state LIKE"
                                + " 'Waiting for GTID to be committed%' OR processlist_info LIKE"
                                + " 'SELECT WAIT_FOR_EXECUTED_GTID_SET%'")
                        == 1);
        assertThat(done).hasValue(0);
        sql("INSERT INTO app.t (id, course) VALUES (77, 77)");
        await().atMost(LONG).untilAsserted(() -> assertThat(done).hasValue(1));
        assertThat(removed).extracting(Removal::key).containsExactly("77");
        sql("DELETE FROM app.t WHERE id = 77");
    }

    @Test
    void aChangeThatDoesNotBecomeVisibleClearsTheGroup() throws SQLException {
        String never = nextGtids();
        ask(Duration.ofMillis(300), never, "{id}", "SELECT id FROM t WHERE course = :course", "3");
        awaitCleared("not_covered");
        assertThat(removed).containsExactly(Removal.ofGroup("g", never));
    }

    @Test
    void moreRowsThanTheBoundClearTheGroup() throws SQLException {
        ask(
                LONG,
                mysql.executedGtids(),
                "{a}",
                "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < :most) SELECT a FROM n",
                "11");
        awaitCleared("too_many_rows");
    }

    @Test
    void asManyRowsAsTheBoundAreKeys() throws SQLException {
        assertThat(keys(
                        "{a}",
                        "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < :most) SELECT a FROM n",
                        "10"))
                .hasSize(10);
    }

    @Test
    void aQueryThatTakesTooLongIsEndedOnTheServerToo() throws SQLException {
        ask(Duration.ofMillis(500), mysql.executedGtids(), "{id}", "SELECT id FROM t WHERE SLEEP(20) = :x", "3");
        await().atMost(LONG).untilAsserted(() -> assertThat(done).hasPositiveValue());
        assertThat(removed).containsOnly(Removal.ofGroup("g", mysql.executedGtids()));
        await().atMost(LONG)
                .until(() -> count("SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_info LIKE"
                                + " '%SLEEP(20)%' AND processlist_id <> CONNECTION_ID()")
                        == 0);
    }

    @Test
    void whatTheUserMayNotReadClearsTheGroup() throws SQLException {
        sql("CREATE DATABASE IF NOT EXISTS hidden");
        sql("CREATE TABLE IF NOT EXISTS hidden.t (id INT)");
        ask(LONG, mysql.executedGtids(), "{id}", "SELECT id FROM hidden.t WHERE id = :id", "3");
        awaitCleared("refused");
    }

    @Test
    void theSessionOnlyReadsWhateverTheQueryCalls() throws SQLException {
        sql("CREATE TABLE IF NOT EXISTS sluice.written (id INT)");
        try (Connection connection = mysql.rootConnection();
                Statement run = connection.createStatement()) {
            run.execute("SET GLOBAL log_bin_trust_function_creators = ON");
            run.execute("CREATE FUNCTION sluice.writes() RETURNS INT DETERMINISTIC BEGIN INSERT INTO sluice.written"
                    + " VALUES (1); RETURN 1; END");
            run.execute("GRANT EXECUTE ON sluice.* TO '" + MysqlServer.SYNC_USERNAME + "'@'%'");
        }
        ask(LONG, mysql.executedGtids(), "{id}", "SELECT id FROM t WHERE sluice.writes() = :one", "1");
        awaitCleared("refused");
        assertThat(count("SELECT COUNT(*) FROM sluice.written")).isZero();
    }

    @Test
    void aServerThatSaysNothingClearsTheGroupAndIsAskedAgainLater() throws SQLException {
        String position = mysql.executedGtids();
        String query = "SELECT id FROM t WHERE course = :course AND id = 1";
        ask(Duration.ofSeconds(2), position, "{id}", query, "3");
        await().atMost(LONG).untilAsserted(() -> assertThat(done).hasValue(1));
        mysql.pause();
        try {
            ask(Duration.ofSeconds(2), position, "{id}", query, "3");
            await().atMost(LONG).untilAsserted(() -> assertThat(done).hasValue(2));
            assertThat(removed).last().isEqualTo(Removal.ofGroup("g", position));
        } finally {
            mysql.resume();
        }
        await().atMost(LONG).untilAsserted(() -> {
            ask(Duration.ofSeconds(2), position, "{id}", query, "3");
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(fanOuts == null ? 1 : fanOuts.waiting()).isZero());
            assertThat(removed).last().isEqualTo(Removal.ofKey("g", "1", position));
        });
    }
}
