package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.ClusterPlan;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cluster.RingChanges;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How many rows go from Kafka to acknowledged Removes in a second: messages lie in a topic, three nodes run, then a
 * sync service is started and its committed offsets are watched. An offset is committed when every Remove up to it is
 * acknowledged by both holders.
 *
 * <p>The rate counts from when a tenth is committed, since the first seconds of a JVM are its own business. Used by one
 * thread.
 */
final class Throughput {
    private static final String CLUSTER = "bench-sync";
    private static final String TOPIC = "bench-sync-rows";
    private static final String GROUP = LocalCluster.syncGroup(CLUSTER);
    private static final int NODES = 3;
    private static final int PARTITIONS = 4;
    private static final long BETWEEN_LOOKS_NANOS = 100_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double NANOS = 1e9;
    private static final int REPORTS = 10;

    private final Devstack stack;
    private final Topics topics;
    private final PrintStream progress;
    private final List<String> jvmOptions;

    /** @param profiles directory for a flight recording of each process; null for none */
    Throughput(Devstack stack, Topics topics, @Nullable Path profiles, PrintStream progress) {
        this.stack = requireNonNull(stack, "stack is null");
        this.topics = requireNonNull(topics, "topics is null");
        this.progress = requireNonNull(progress, "progress is null");
        this.jvmOptions = new ArrayList<>(List.of("-Xmx512m"));
        if (profiles != null) {
            jvmOptions.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + profiles.toAbsolutePath().resolve("%s.jfr"));
        }
    }

    /** Rows per second. */
    double run(long rows) throws SQLException, ExecutionException, InterruptedException {
        createTable();
        topics.create(TOPIC, PARTITIONS);
        progress.printf(Locale.ROOT, "Writing messages of %,d rows%n", rows);
        long messages = topics.fill(TOPIC, PARTITIONS, rows, () -> progress.println("  a million messages more"));
        topics.beginAtTheStart(GROUP, TOPIC, PARTITIONS);
        String rules = ChangeMessages.rules(stack.mysql().jdbcUrl("golden"), MysqlServer.USERNAME);
        ClusterPlan plan = new ClusterPlan(
                CLUSTER, NODES, rules, RingChanges.DEFAULT_WARM_UP, LocalCluster.LEASE_TTL, TOPIC, jvmOptions);
        try (LocalCluster cluster = LocalCluster.prepare(stack, plan)) {
            cluster.nodes().forEach(SluiceProcess::launch);
            cluster.sync().launch();
            return watch(cluster, messages, rows);
        }
    }

    private void createTable() throws SQLException {
        try (Connection connection = stack.mysql().rootConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE golden");
            statement.execute("CREATE TABLE golden.students (id INT UNSIGNED PRIMARY KEY, name VARCHAR(20))");
        }
    }

    private double watch(LocalCluster cluster, long messages, long rows)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long from = 0;
        long fromNanos = System.nanoTime();
        boolean warm = false;
        int reported = 0;
        RowCost before = RowCost.of(cluster);
        while (true) {
            long committed = topics.committed(GROUP, TOPIC);
            long now = System.nanoTime();
            if (!warm && committed >= messages / REPORTS && committed < messages) {
                live(cluster);
                long soFar = topics.committed(GROUP, TOPIC);
                // Few rows are done by then, and count from the start.
                from = soFar < messages ? soFar : 0;
                fromNanos = soFar < messages ? System.nanoTime() : fromNanos;
                before = soFar < messages ? RowCost.of(cluster) : before;
                warm = true;
                continue;
            }
            if (committed * REPORTS / messages > reported) {
                reported = (int) (committed * REPORTS / messages);
                report(cluster, committed);
            }
            if (committed >= messages) {
                double counted = (double) rows / messages * (messages - from);
                progress.println("  " + RowCost.of(cluster).since(before).perRow(counted));
                live(cluster);
                return counted * NANOS / (now - fromNanos);
            }
            if (now > deadline) {
                throw new IllegalStateException("Only " + committed + " of " + messages + " messages were committed in "
                        + PATIENCE.toMinutes() + " minutes; the logs are in " + stack.directory());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    /** Not while the clock runs: it stands still for it. */
    private void live(LocalCluster cluster) throws InterruptedException {
        progress.printf(
                Locale.ROOT,
                "  the sync service's live objects, after a full collection: %d MiB%n",
                ProcessMemory.liveMib(cluster.sync().pid()));
    }

    private void report(LocalCluster cluster, long committed) {
        List<Long> nodes = cluster.nodes().stream()
                .map(node -> ProcessMemory.residentMib(node.pid()))
                .toList();
        progress.printf(
                Locale.ROOT,
                "  %,11d messages done; resident MiB: sync %d, nodes %s%n",
                committed,
                ProcessMemory.residentMib(cluster.sync().pid()),
                nodes);
    }
}
