package io.sluice.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.SourcePosition;
import io.sluice.config.Secret;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import io.sluice.devstack.Part;
import io.sluice.mapping.Rules;
import io.sluice.sync.heartbeat.HeartbeatException;
import io.sluice.sync.heartbeat.HeartbeatSettings;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.heartbeat.Heartbeats;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Heartbeats on a MySQL of their own, which can be set up wrongly without disturbing others. */
@Order(3)
final class HeartbeatTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final HeartbeatTable OTHER = HeartbeatTable.parse("sluice.other_beats");

    private static Devstack stack;
    private static MysqlServer mysql;

    @BeforeAll
    static void start() {
        stack = Devstack.builder().only(Part.MYSQL).start();
        mysql = stack.mysql();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void itMakesItsTableAndReadsAPositionWithItsOwnTransactionAndAllBeforeIt() throws Exception {
        sql("CREATE TABLE app.t (id INT PRIMARY KEY)");
        String before = mysql.executedGtids();

        SourcePosition first = beat(settings(HeartbeatTable.DEFAULT, MysqlServer.SYNC_USERNAME));
        SourcePosition second = beat(settings(HeartbeatTable.DEFAULT, MysqlServer.SYNC_USERNAME));

        assertThat(first.covers(SourcePosition.parse(before))).isTrue();
        assertThat(first).isNotEqualTo(SourcePosition.parse(before));
        assertThat(second.covers(first)).isTrue();
        assertThat(first.covers(second)).isFalse();
        assertThat(second).isEqualTo(SourcePosition.parse(mysql.executedGtids()));
        assertThat(text("SELECT CONCAT(source, ' ', instance) FROM sluice.heartbeat WHERE id = 0"))
                .isEqualTo("app sync-1");
    }

    @Test
    void withoutAUserOfItsOwnItWritesAsTheUserOfTheSource() throws Exception {
        HeartbeatSettings settings = new HeartbeatSettings(OTHER, null, Secret.NONE, SHORT, SHORT);
        assertThat(beat(settings).isUnknown()).isFalse();
    }

    @Test
    void aUserWithoutTheGrantIsToldTheStatements() throws SQLException {
        sql("CREATE USER IF NOT EXISTS 'poor'@'%' IDENTIFIED BY 'pw'");
        assertThatThrownBy(() -> beat(settings(HeartbeatTable.parse("nowhere.beats"), "poor")))
                .isInstanceOf(HeartbeatException.class)
                .hasMessageContaining("No heartbeat on source app")
                .hasMessageContaining("CREATE DATABASE IF NOT EXISTS `nowhere`; CREATE TABLE IF NOT EXISTS"
                        + " `nowhere`.`beats` (id INT UNSIGNED")
                .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, CREATE ON `nowhere`.* TO 'poor'@'%'")
                .hasMessageNotContaining("pw");
    }

    @Test
    void aUserWhoMayOnlyReadTheTableIsToldTheGrant() throws SQLException {
        sql("CREATE DATABASE IF NOT EXISTS readable");
        sql("CREATE TABLE IF NOT EXISTS readable.beats (id INT PRIMARY KEY)");
        sql("CREATE USER IF NOT EXISTS 'reader'@'%' IDENTIFIED BY 'pw'");
        sql("GRANT SELECT ON readable.* TO 'reader'@'%'");
        assertThatThrownBy(() -> beat(settings(HeartbeatTable.parse("readable.beats"), "reader")))
                .isInstanceOf(HeartbeatException.class)
                .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, CREATE ON `readable`.* TO 'reader'@'%'");
    }

    @Test
    void aWrongPasswordIsNamed() {
        HeartbeatSettings wrong =
                new HeartbeatSettings(OTHER, MysqlServer.SYNC_USERNAME, new Secret("wrong-password"), SHORT, SHORT);
        assertThatThrownBy(() -> beat(wrong))
                .hasMessageContaining("Check heartbeat.username and heartbeat.password")
                .hasMessageNotContaining("wrong-password");
    }

    @Test
    void aReadOnlyServerIsNoPrimary() throws SQLException {
        sql("SET GLOBAL read_only = ON");
        try {
            assertThatThrownBy(() -> beat(settings(OTHER, MysqlServer.SYNC_USERNAME)))
                    .hasMessageContaining("the server is read-only, so it is not the primary");
        } finally {
            sql("SET GLOBAL read_only = OFF");
        }
    }

    @Test
    void aServerWithoutGtidsIsRefused() throws SQLException {
        sql("SET GLOBAL gtid_mode = ON_PERMISSIVE");
        try {
            assertThatThrownBy(() -> beat(settings(OTHER, MysqlServer.SYNC_USERNAME)))
                    .hasMessageContaining("gtid_mode is ON_PERMISSIVE")
                    .hasMessageContaining("set it ON, or declare the source with coherence: arrival");
        } finally {
            sql("SET GLOBAL gtid_mode = ON");
        }
    }

    @Test
    void aServerThatCommitsOutOfOrderIsRefused() throws SQLException {
        sql("SET GLOBAL binlog_order_commits = OFF");
        try {
            assertThatThrownBy(() -> beat(settings(OTHER, MysqlServer.SYNC_USERNAME)))
                    .hasMessageContaining("binlog_order_commits is OFF");
        } finally {
            sql("SET GLOBAL binlog_order_commits = ON");
        }
    }

    /** One who sees the old set again and again has been answered by a server that did not get the write. */
    @Test
    void aHeartbeatThatIsNotLoggedIsRefused() throws SQLException {
        sql("CREATE USER IF NOT EXISTS 'unlogged'@'%' IDENTIFIED BY 'pw'");
        sql("GRANT ALL ON *.* TO 'unlogged'@'%'");
        String url = mysql.jdbcUrl() + "&sessionVariables=sql_log_bin=OFF";
        HeartbeatSettings settings = new HeartbeatSettings(
                OTHER, "unlogged", new Secret("pw"), Duration.ofSeconds(2), Duration.ofSeconds(2));
        assertThatThrownBy(() ->
                        Heartbeats.of(rules(url, "gtid"), settings, "sync-1").beatAll())
                .hasMessageContaining("sql_log_bin is OFF");
    }

    @Test
    void aServerThatSaysNothingIsAnErrorAfterTheTimeout() {
        mysql.pause();
        try {
            assertThatThrownBy(() -> beat(new HeartbeatSettings(
                            OTHER, MysqlServer.SYNC_USERNAME, new Secret(MysqlServer.SYNC_PASSWORD), SHORT, SHORT)))
                    .hasMessageContaining("MySQL does not answer")
                    .hasMessageContaining("Check that it runs, and the source's jdbc-url");
        } finally {
            mysql.resume();
        }
    }

    @Test
    void aSourceWithoutPositionsHasNone() throws HeartbeatException {
        Rules rules = rules(mysql.jdbcUrl(), "arrival");
        assertThat(Heartbeats.of(rules, HeartbeatSettings.DEFAULTS, "sync-1").beatAll())
                .isEmpty();
    }

    private static SourcePosition beat(HeartbeatSettings settings) throws HeartbeatException {
        Map<String, SourcePosition> positions = Heartbeats.of(rules(mysql.jdbcUrl(), "gtid"), settings, "sync-1")
                .beatAll();
        assertThat(positions).containsOnlyKeys("app");
        return requireNonNull(positions.get("app"));
    }

    private static HeartbeatSettings settings(HeartbeatTable table, String username) {
        boolean own = username.equals(MysqlServer.SYNC_USERNAME);
        return new HeartbeatSettings(
                table,
                username,
                new Secret(own ? MysqlServer.SYNC_PASSWORD : "pw"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    private static Rules rules(String url, String coherence) {
        return Rules.parse(
                "rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "%s", username: %s, password: %s, coherence: %s }
                groups:
                  item: { source: app, key: "{id}", load: "SELECT id FROM items WHERE id = :id" }
                """.formatted(url, MysqlServer.USERNAME, MysqlServer.PASSWORD, coherence), Map.of());
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection = mysql.rootConnection();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static String text(String query) throws SQLException {
        try (Connection connection = mysql.rootConnection();
                Statement run = connection.createStatement();
                ResultSet row = run.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
