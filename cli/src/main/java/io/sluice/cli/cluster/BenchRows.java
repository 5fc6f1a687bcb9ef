package io.sluice.cli.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/**
 * The rows that are read and changed, in a database of their own, and the rules file that goes with them. Thread-safe.
 */
final class BenchRows implements AutoCloseable {
    static final int COUNT = 10_000;
    static final String GROUP = "row";
    private static final String DATABASE = "bench";

    private final MysqlServer mysql;
    private final Connection connection;

    private BenchRows(MysqlServer mysql, Connection connection) {
        this.mysql = mysql;
        this.connection = connection;
    }

    /** Creates the table, filled. */
    static BenchRows create(MysqlServer mysql) throws SQLException {
        BenchRows rows = new BenchRows(requireNonNull(mysql, "mysql is null"), mysql.rootConnection());
        StringJoiner values = new StringJoiner(", ", "INSERT INTO rows_read VALUES ", "");
        for (int id = 1; id <= COUNT; id++) {
            values.add("(" + id + ", 0, REPEAT('x', 100))");
        }
        rows.run("CREATE DATABASE " + DATABASE);
        rows.run("USE " + DATABASE);
        rows.run("CREATE TABLE rows_read (id INT PRIMARY KEY, version BIGINT NOT NULL, payload VARCHAR(100) NOT NULL)");
        rows.run(values.toString());
        return rows;
    }

    /** The rules file. */
    String rules() {
        return """
                version: 1
                sources:
                  bench: { jdbc-url: "%s", username: %s, password: "${SLUICE_DB_PASSWORD}", coherence: gtid }
                groups:
                  %s:
                    source: bench
                    key: "{id}"
                    load: "SELECT id, version, payload FROM rows_read WHERE id = :id"
                invalidate:
                  - table: %s.rows_read
                    keys:
                      - { group: %s, key: "{id}" }
                """.formatted(mysql.jdbcUrl(DATABASE), MysqlServer.USERNAME, GROUP, DATABASE, GROUP);
    }

    /** Changes one row, committed when this returns. */
    void change(int id) throws SQLException {
        run("UPDATE rows_read SET version = version + 1 WHERE id = " + id);
    }

    /** How many load queries MySQL has run for the nodes, counted by MySQL itself. */
    synchronized long loads() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT SUM(COUNT_STAR) FROM"
                        + " performance_schema.events_statements_summary_by_account_by_event_name"
                        + " WHERE USER = '" + MysqlServer.USERNAME + "' AND EVENT_NAME = 'statement/com/Execute'")) {
            sum.next();
            return sum.getLong(1);
        }
    }

    private synchronized void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
