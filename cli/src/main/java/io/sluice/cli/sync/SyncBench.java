package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.Devstack;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Measures the way from the change stream to the nodes on the real servers, one part after the other. Used by one
 * thread.
 */
public final class SyncBench {
    private final PrintStream progress;

    /** @param progress is told what goes on, a line at a time */
    public SyncBench(PrintStream progress) {
        this.progress = requireNonNull(progress, "progress is null");
    }

    /**
     * Runs everything.
     *
     * @param rows how many rows to measure the rate with; a million takes about a minute
     * @param profiles directory for flight recordings of the processes while the rate is measured; null for none
     */
    public SyncOutcome run(long rows, @Nullable Path profiles) throws Exception {
        progress.println("Starting MySQL, Kafka, etcd and Canal");
        try (Devstack stack = Devstack.start();
                Topics topics = new Topics(stack.kafka().bootstrapServers())) {
            progress.println("Rows per second, with three nodes");
            double rowsPerSecond = new Throughput(stack, topics, profiles, progress).run(rows);
            progress.printf(Locale.ROOT, "  %,.0f rows/s%n", rowsPerSecond);
            progress.println("What the sync service adds, at a low rate");
            Percentiles added = new AddedDelay(stack, topics, progress).run();
            progress.println("From commit to Remove");
            CommitDelay.Result commits = new CommitDelay(stack, progress).run();
            return new SyncOutcome(rowsPerSecond, added, commits.toRemove(), commits.toKafka());
        }
    }
}
