package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Inserts, changes, moves and deletes rows of its own, which no other writer touches, one or some dozens in a
 * transaction, and tells of each. So it knows what a read of its row at its own position must answer. While MySQL
 * refuses it tries again. Used by one thread.
 */
final class RowWriter {
    private static final int ROWS_TOGETHER = 40;
    /** So that few cores have room for the rest; nothing waits on it. */
    private static final long BETWEEN_CHANGES_NANOS = 4_000_000;

    private static final long BETWEEN_CONNECTIONS_NANOS = 200_000_000;
    private static final int ONE_IN_TOGETHER = 25;
    private static final int ONE_IN_DELETED = 5;
    private static final int ONE_IN_TOLD = 8;

    private final FaultRows rows;
    private final int number;
    private final int writers;
    private final Told told;
    private final SplittableRandom random;
    private long version;

    /** Who is told of changes that are committed. */
    interface Told {
        /** So many rows more have changed. */
        void changed(int count);

        /** A row of the writer has this value, null for none, at this position and for as long as the call lasts. */
        void has(String id, @Nullable String value, String position);
    }

    /** @param number of this writer, from 0, among {@code writers}; also its seed */
    RowWriter(FaultRows rows, int number, int writers, Told told) {
        this.rows = requireNonNull(rows, "rows is null");
        this.number = number;
        this.writers = writers;
        this.told = requireNonNull(told, "told is null");
        this.random = new SplittableRandom(number);
    }

    void run(BooleanSupplier running) {
        while (running.getAsBoolean()) {
            try (Connection connection = rows.connect();
                    Statement statement = connection.createStatement()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                while (running.getAsBoolean()) {
                    change(statement);
                    LockSupport.parkNanos(BETWEEN_CHANGES_NANOS);
                }
            } catch (SQLException e) {
                // MySQL is away; what was under way is committed or not, and the comparison at the end asks MySQL.
                LockSupport.parkNanos(BETWEEN_CONNECTIONS_NANOS);
            }
        }
    }

    private void change(Statement statement) throws SQLException {
        version++;
        if (random.nextInt(ONE_IN_TOGETHER) == 0) {
            StringJoiner ids = new StringJoiner(",");
            for (int i = 0; i < ROWS_TOGETHER; i++) {
                ids.add(Integer.toString(ownId()));
            }
            told.changed(statement.executeUpdate("UPDATE items SET version = " + version + ", bucket = (bucket + 1) % "
                    + FaultRows.BUCKETS + " WHERE id IN (" + ids + ")"));
            return;
        }
        int id = ownId();
        String value = null;
        if (random.nextInt(ONE_IN_DELETED) == 0) {
            told.changed(statement.executeUpdate("DELETE FROM items WHERE id = " + id));
        } else {
            int bucket = random.nextInt(FaultRows.BUCKETS);
            statement.executeUpdate("INSERT INTO items VALUES (" + id + ", " + bucket + ", " + version
                    + ") ON DUPLICATE KEY UPDATE bucket = VALUES(bucket), version = VALUES(version)");
            told.changed(1);
            value = FaultRows.item(id, bucket, version);
        }
        if (random.nextInt(ONE_IN_TOLD) == 0) {
            told.has(Integer.toString(id), value, position(statement));
        }
    }

    private int ownId() {
        return 1 + number + writers * random.nextInt(FaultRows.COUNT / writers);
    }

    private static String position(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
            row.next();
            return row.getString(1);
        }
    }
}
