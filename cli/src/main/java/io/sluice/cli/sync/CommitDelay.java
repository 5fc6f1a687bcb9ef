package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * From a commit in MySQL, when it returns, to the Remove of its row at a node, through the real Canal; and beside it to
 * its record in the hands of a consumer of our own, which is Canal's share. Used by one thread.
 */
final class CommitDelay {
    private static final String NAME = "bench-sync-commit";
    private static final int WARM_UP = 40;
    private static final int COMMITS = 400;
    private static final long BETWEEN_NANOS = 40_000_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final double[] STEPS = {20, 50, 75, 100, 125, 150, 200, 300, 500, 1_000};

    private final Devstack stack;
    private final PrintStream progress;
    private final Map<String, Long> removed = new ConcurrentHashMap<>();
    private final Map<String, Long> recorded = new ConcurrentHashMap<>();

    CommitDelay(Devstack stack, PrintStream progress) {
        this.stack = requireNonNull(stack, "stack is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** What was measured. */
    record Result(Percentiles toRemove, Percentiles toKafka) {}

    Result run() throws IOException, SQLException {
        try (Connection connection = stack.mysql().rootConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE committed");
            statement.execute("CREATE TABLE committed.students (id INT PRIMARY KEY, name VARCHAR(20))");
            String rules = ChangeMessages.rules(stack.mysql().jdbcUrl("committed"), MysqlServer.USERNAME)
                    .replace("table: golden.", "table: committed.");
            try (RemoveReceiver receiver = new RemoveReceiver(removed::putIfAbsent);
                    RecordWatch watch = RecordWatch.start(stack, recorded::putIfAbsent);
                    SluiceProcess sync =
                            BenchSyncService.start(stack, NAME, stack.canal().topic(), rules, receiver.port())) {
                requireNonNull(watch, "watch is null");
                requireNonNull(sync, "sync is null");
                return commitAll(statement);
            }
        }
    }

    private Result commitAll(Statement statement) throws SQLException {
        Delays toRemove = new Delays();
        Delays toKafka = new Delays();
        long[] committed = new long[WARM_UP + COMMITS];
        for (int id = 0; id < committed.length; id++) {
            statement.execute("INSERT INTO committed.students VALUES (" + id + ", 'Ann')");
            committed[id] = System.nanoTime();
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
        for (int id = WARM_UP; id < committed.length; id++) {
            toRemove.add(await(removed, id) - committed[id]);
            toKafka.add(await(recorded, id) - committed[id]);
        }
        progress.println("  commit to record in Kafka: " + toKafka.percentiles());
        progress.print(toKafka.table(STEPS));
        progress.println("  commit to Remove:          " + toRemove.percentiles());
        progress.print(toRemove.table(STEPS));
        return new Result(toRemove.percentiles(), toKafka.percentiles());
    }

    private long await(Map<String, Long> times, int id) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Long at = times.get(Integer.toString(id));
        while (at == null) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("A change did not come; the logs are in " + stack.directory());
            }
            LockSupport.parkNanos(1_000_000);
            at = times.get(Integer.toString(id));
        }
        return at;
    }
}
