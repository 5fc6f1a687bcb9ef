package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.cli.faults.ChangeFlow;
import io.sluice.devstack.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rows that are written and read, in a database of their own, and the rules file that goes with them. Thread-safe.
 *
 * <p>A row of {@code items} comes and goes and carries its version. A row of {@code lives} is always there and carries
 * the version of the row of the same id, or of its deletion: both change in one transaction. The group {@code item} is
 * the first alone, so an answer can be that there is no row. The group {@code life} is both, so its answers tell which
 * deletion they have seen. Its query sleeps after it has read some of the rows: such a load holds an old row while its
 * Remove passes.
 */
final class VersionedRows {
    /** Ids are 1 to this. */
    static final int COUNT = 400;

    /** Half of what is written and read at random is of ids 1 to this, so that there are changes of what is in use. */
    private static final int HOT = 20;

    static final String ITEM = "item";
    static final String LIFE = "life";
    private static final int ONE_IN_SLOW = 8;
    private static final String SLOW_SECONDS = "0.15";

    private final MysqlServer mysql;
    private final String database;

    private VersionedRows(MysqlServer mysql, String database) {
        this.mysql = requireNonNull(mysql, "mysql is null");
        this.database = requireNonNull(database, "database is null");
    }

    /** Makes the database with its tables, filled: every row is there, as version 0. */
    static VersionedRows create(MysqlServer mysql, String database) throws SQLException {
        StringJoiner lives = new StringJoiner(", ", "INSERT INTO lives VALUES ", "");
        IntStream.rangeClosed(1, COUNT).forEach(id -> lives.add("(" + id + ", 0)"));
        try (Connection connection = mysql.rootConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
            statement.execute("USE " + database);
            statement.execute("CREATE TABLE items (id INT PRIMARY KEY, version BIGINT NOT NULL)");
            statement.execute("CREATE TABLE lives (id INT PRIMARY KEY, version BIGINT NOT NULL)");
            statement.execute(ChangeFlow.MARKS_TABLE);
            statement.execute(lives.toString());
            statement.execute("INSERT INTO items SELECT * FROM lives");
        }
        return new VersionedRows(mysql, database);
    }

    /** @param broken leaves the rule of the group {@code item} out, so that it becomes stale */
    String rules(boolean broken) {
        return """
                version: 1
                sources:
                  coherence: { jdbc-url: "%1$s", username: %2$s, password: "${SLUICE_DB_PASSWORD}", coherence: gtid }
                groups:
                  item:
                    source: coherence
                    key: "{id}"
                    load: "SELECT id, version FROM items WHERE id = :id"
                    ttl: 60m
                    negative-ttl: 60m
                  life:
                    source: coherence
                    key: "{id}"
                    load: "SELECT l.id AS id, l.version AS version, i.version AS item, SLEEP(IF(l.id %% %4$d = 0, %5$s, 0)) AS slept FROM lives l LEFT JOIN items i ON i.id = l.id WHERE l.id = :id"
                    ttl: 60m
                    negative-ttl: 60m
                invalidate:
                  - table: %3$s.items
                    keys:
                %6$s      - { group: life, key: "{id}" }
                  - table: %3$s.lives
                    keys:
                      - { group: life, key: "{id}" }
                """.formatted(
                        mysql.jdbcUrl(database),
                        MysqlServer.USERNAME,
                        database,
                        ONE_IN_SLOW,
                        SLOW_SECONDS,
                        broken ? "" : "      - { group: item, key: \"{id}\" }\n");
    }

    /** A new connection to the database that does not wait for ever; the caller closes it. */
    Connection connect() throws SQLException {
        return mysql.impatientConnection(database);
    }

    /** An id at random. */
    static int draw(SplittableRandom random) {
        return 1 + random.nextInt(random.nextBoolean() ? HOT : COUNT);
    }

    /** All keys of both groups. */
    static List<RowKey> keys() {
        return IntStream.rangeClosed(1, COUNT)
                .boxed()
                .flatMap(id -> Stream.of(new RowKey(ITEM, id), new RowKey(LIFE, id)))
                .toList();
    }

    /** What MySQL has, as the values of the keys that have one. */
    Map<RowKey, String> source() throws SQLException {
        Map<RowKey, String> values = new HashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT l.id, l.version, i.version FROM lives l LEFT JOIN items i ON i.id = l.id")) {
            while (rows.next()) {
                int id = rows.getInt(1);
                String item = rows.getString(3);
                if (item != null) {
                    values.put(new RowKey(ITEM, id), "{\"id\":" + id + ",\"version\":" + item + "}");
                }
                values.put(
                        new RowKey(LIFE, id),
                        "{\"id\":" + id + ",\"version\":" + rows.getLong(2) + ",\"item\":" + item + ",\"slept\":0}");
            }
        }
        return values;
    }
}
