package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Ledger;
import io.sluice.cli.coherence.judge.RowHistory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Inserts, updates and deletes rows of its own, which no other writer touches, one or some in a transaction, at a fixed
 * rate, and enters each version into the ledger. When it cannot know whether a COMMIT took place it asks MySQL before
 * it touches the row again. Used by one thread.
 */
final class Changer {
    private static final long BETWEEN_CHANGES_NANOS = 50_000_000;
    private static final long BETWEEN_CONNECTIONS_NANOS = 200_000_000;
    private static final int TOGETHER = 10;
    private static final int ONE_IN_TOGETHER = 25;
    private static final int ONE_IN_DELETED = 5;

    private final VersionedRows rows;
    private final Ledger ledger;
    private final int number;
    private final int changers;
    private final IntConsumer changed;
    private final SplittableRandom random;
    private final List<Integer> unsure = new ArrayList<>();

    /**
     * @param number of this one, from 0, among {@code changers}; also its seed
     * @param changed is told of each row whose change was just committed
     */
    Changer(VersionedRows rows, Ledger ledger, int number, int changers, IntConsumer changed) {
        this.rows = requireNonNull(rows, "rows is null");
        this.ledger = requireNonNull(ledger, "ledger is null");
        this.number = number;
        this.changers = changers;
        this.changed = requireNonNull(changed, "changed is null");
        this.random = new SplittableRandom(number);
    }

    void run(BooleanSupplier running) {
        while (running.getAsBoolean() || !unsure.isEmpty()) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                settle(connection, statement);
                long next = System.nanoTime();
                while (running.getAsBoolean()) {
                    Collection<Integer> ids = some();
                    change(connection, statement, ids);
                    ids.forEach(changed::accept);
                    next = Math.max(next + BETWEEN_CHANGES_NANOS, System.nanoTime());
                    LockSupport.parkNanos(next - System.nanoTime());
                }
            } catch (SQLException e) {
                // MySQL is away; what was under way is committed or not, and is asked for when it is back.
                LockSupport.parkNanos(BETWEEN_CONNECTIONS_NANOS);
            }
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = rows.connect();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        return connection;
    }

    private Collection<Integer> some() {
        int count = random.nextInt(ONE_IN_TOGETHER) == 0 ? TOGETHER : 1;
        Set<Integer> ids = new LinkedHashSet<>();
        while (ids.size() < count) {
            int id = VersionedRows.draw(random);
            if (id % changers == number) {
                ids.add(id);
            }
        }
        return ids;
    }

    private void change(Connection connection, Statement statement, Collection<Integer> ids) throws SQLException {
        for (int id : ids) {
            RowHistory row = ledger.row(id);
            boolean inserts = !row.present();
            boolean deletes = !inserts && random.nextInt(ONE_IN_DELETED) == 0;
            long version = row.begin(!deletes);
            unsure.add(id);
            if (deletes) {
                statement.addBatch("DELETE FROM items WHERE id = " + id);
            } else if (inserts) {
                statement.addBatch("INSERT INTO items VALUES (" + id + ", " + version + ")");
            } else {
                statement.addBatch("UPDATE items SET version = " + version + " WHERE id = " + id);
            }
            statement.addBatch("UPDATE lives SET version = " + version + " WHERE id = " + id);
        }
        statement.executeBatch();
        connection.commit();
        long now = System.nanoTime();
        ids.forEach(id -> ledger.row(id).committed(now));
        unsure.clear();
    }

    /** Finds out what became of the versions that were begun when the connection broke. */
    private void settle(Connection connection, Statement statement) throws SQLException {
        statement.clearBatch();
        while (!unsure.isEmpty()) {
            int id = unsure.getLast();
            // Waits for a transaction of ours that the server has not ended yet.
            try (ResultSet life =
                    statement.executeQuery("SELECT version FROM lives WHERE id = " + id + " FOR UPDATE")) {
                life.next();
                RowHistory row = ledger.row(id);
                if (life.getLong(1) == row.newest()) {
                    // Later than it was, so that answers are not judged too strictly.
                    row.committed(System.nanoTime());
                } else {
                    row.undone();
                }
            }
            unsure.removeLast();
        }
        connection.commit();
    }
}
