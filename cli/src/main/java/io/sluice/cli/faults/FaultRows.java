package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rows that are changed, in a database of their own, the rules file that goes with them, and what a cache must
 * answer for them. Rows move between buckets, so that a change removes keys of its old and of its new image.
 * Thread-safe.
 */
final class FaultRows {
    /** Ids are 1 to this; not every one has a row at every time. */
    static final int COUNT = 1_000;

    static final int BUCKETS = 50;
    static final String ITEM = "item";
    static final String BUCKET = "bucket";

    private final MysqlServer mysql;
    private final String database;

    /** A key of one of the groups. */
    record Key(String group, String key) {}

    private FaultRows(MysqlServer mysql, String database) {
        this.mysql = requireNonNull(mysql, "mysql is null");
        this.database = requireNonNull(database, "database is null");
    }

    /** Makes the database with its tables, filled. */
    static FaultRows create(MysqlServer mysql, String database) throws SQLException {
        StringJoiner values = new StringJoiner(", ", "INSERT INTO items VALUES ", "");
        IntStream.rangeClosed(1, COUNT).forEach(id -> values.add("(" + id + ", " + id % BUCKETS + ", 0)"));
        try (Connection connection = mysql.rootConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
            statement.execute("USE " + database);
            statement.execute("CREATE TABLE items (id INT PRIMARY KEY, bucket INT NOT NULL, version BIGINT NOT NULL,"
                    + " KEY (bucket))");
            statement.execute(ChangeFlow.MARKS_TABLE);
            statement.execute(values.toString());
        }
        return new FaultRows(mysql, database);
    }

    /** The rules file. */
    String rules() {
        return """
                version: 1
                sources:
                  faults: { jdbc-url: "%1$s", username: %2$s, password: "${SLUICE_DB_PASSWORD}", coherence: gtid }
                groups:
                  item:
                    source: faults
                    key: "{id}"
                    load: "SELECT id, bucket, version FROM items WHERE id = :id"
                    ttl: 60m
                    negative-ttl: 60m
                  bucket:
                    source: faults
                    key: "{bucket}"
                    load: "SELECT bucket, id, version FROM items WHERE bucket = :bucket ORDER BY id"
                    rows: many
                    ttl: 60m
                    negative-ttl: 60m
                invalidate:
                  - table: %3$s.items
                    keys:
                      - { group: item, key: "{id}" }
                      - { group: bucket, key: "{bucket}" }
                """.formatted(mysql.jdbcUrl(database), MysqlServer.USERNAME, database);
    }

    String database() {
        return database;
    }

    /** A new connection to the database that does not wait for ever; the caller closes it. */
    Connection connect() throws SQLException {
        return mysql.impatientConnection(database);
    }

    /** All keys of both groups. */
    static List<Key> keys() {
        return Stream.concat(
                        IntStream.rangeClosed(1, COUNT).mapToObj(id -> new Key(ITEM, Integer.toString(id))),
                        IntStream.range(0, BUCKETS).mapToObj(bucket -> new Key(BUCKET, Integer.toString(bucket))))
                .toList();
    }

    /** What a row is as the value of its key. */
    static String item(int id, int bucket, long version) {
        return "{\"id\":" + id + ",\"bucket\":" + bucket + ",\"version\":" + version + "}";
    }

    /** What MySQL has, as the values of the keys that have one. */
    Map<Key, String> source() throws SQLException {
        Map<Key, String> values = new HashMap<>();
        Map<Integer, List<String>> buckets = new HashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, bucket, version FROM items ORDER BY id")) {
            while (rows.next()) {
                int id = rows.getInt(1);
                int bucket = rows.getInt(2);
                long version = rows.getLong(3);
                values.put(new Key(ITEM, Integer.toString(id)), item(id, bucket, version));
                buckets.computeIfAbsent(bucket, none -> new ArrayList<>())
                        .add("{\"bucket\":" + bucket + ",\"id\":" + id + ",\"version\":" + version + "}");
            }
        }
        buckets.forEach((bucket, rows) ->
                values.put(new Key(BUCKET, Integer.toString(bucket)), "[" + String.join(",", rows) + "]"));
        return values;
    }
}
