package io.sluice.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.devstack.junit.DevstackExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DevstackExtension.class)
class MysqlServerTest {
    @Test
    void runsAsTheCacheNeedsIt(Devstack stack) throws SQLException {
        assertThat(ask(stack.mysql(), "SELECT @@gtid_mode")).isEqualTo("ON");
        assertThat(ask(stack.mysql(), "SELECT @@binlog_format")).isEqualTo("ROW");
        assertThat(ask(stack.mysql(), "SELECT @@binlog_row_image")).isEqualTo("FULL");
        assertThat(ask(stack.mysql(), "SELECT @@version")).startsWith("8.0.");
        assertThat(stack.mysql().executedGtids()).contains(":1");
    }

    @Test
    void keepsCommittedRowsWhenKilledAndRestarted(Devstack stack) throws SQLException {
        MysqlServer mysql = stack.mysql();
        update(mysql, "CREATE TABLE kept (id INT PRIMARY KEY)", "INSERT INTO kept VALUES (7)");
        long before = mysql.pid();

        mysql.kill();
        assertThat(mysql.isAlive()).isFalse();
        assertThatThrownBy(mysql::connection).isInstanceOf(SQLException.class);
        mysql.restart();

        assertThat(mysql.isAlive()).isTrue();
        assertThat(mysql.pid()).isNotEqualTo(before);
        assertThat(ask(mysql, "SELECT id FROM kept")).isEqualTo("7");
    }

    @Test
    void answersNothingWhilePausedAndGoesOnWhenResumed(Devstack stack) throws SQLException {
        MysqlServer mysql = stack.mysql();
        String impatient = mysql.jdbcUrl() + "&connectTimeout=200&socketTimeout=200";

        mysql.pause();
        try {
            assertThat(mysql.isAlive()).isTrue();
            assertThatThrownBy(() -> DriverManager.getConnection(impatient, MysqlServer.USERNAME, MysqlServer.PASSWORD))
                    .isInstanceOf(SQLException.class);
        } finally {
            mysql.resume();
        }
        assertThat(ask(mysql, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void stopsAndStartsAgainOnTheSamePort(Devstack stack) throws SQLException {
        MysqlServer mysql = stack.mysql();
        int port = mysql.port();

        mysql.stop();
        assertThat(mysql.isAlive()).isFalse();
        mysql.restart();

        assertThat(mysql.port()).isEqualTo(port);
        assertThat(ask(mysql, "SELECT 1")).isEqualTo("1");
        assertThat(mysql.logFile()).content().contains("Shutdown complete");
    }

    private static void update(MysqlServer mysql, String... statements) throws SQLException {
        try (Connection connection = mysql.connection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }

    private static String ask(MysqlServer mysql, String sql) throws SQLException {
        try (Connection connection = mysql.connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
