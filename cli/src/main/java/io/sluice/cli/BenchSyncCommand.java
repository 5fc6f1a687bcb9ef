package io.sluice.cli;

import io.sluice.cli.sync.SyncBench;
import io.sluice.cli.sync.SyncOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the way from the change stream to the nodes. */
@Command(
        name = "sync",
        description =
                "Starts the real servers, three nodes and sync services on this machine, and measures the way of a"
                        + " change from MySQL and from Kafka to its Remove.",
        mixinStandardHelpOptions = true)
final class BenchSyncCommand implements Callable<Integer> {
    private static final int LEAST_ROWS = 1_000;

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows to measure the rate with (default ${DEFAULT-VALUE}); 5000000 shows that memory is flat")
    private long rows = 1_000_000;

    @Option(
            names = "--profile",
            paramLabel = "DIR",
            description = "Write a flight recording of each process there while the rate is measured")
    private @Nullable Path profile;

    @Override
    public Integer call() throws Exception {
        if (rows < LEAST_ROWS) {
            System.err.println("--rows must be at least " + LEAST_ROWS);
            return 2;
        }
        if (profile != null) {
            Files.createDirectories(profile);
        }
        SyncOutcome outcome = new SyncBench(System.err).run(rows, profile);
        if (json) {
            System.out.println(outcome.json());
            return 0;
        }
        System.out.printf(
                Locale.ROOT,
                """
                Rows from Kafka to acknowledged Remove, a second   %,.0f  (goal: 100,000)
                Added delay, record in Kafka to Remove             %s  (goal: p50 2 ms, p99 10 ms)
                Commit to Remove                                   %s
                  of which Canal, commit to record in Kafka        %s
                """,
                outcome.rowsPerSecond(),
                outcome.addedDelayMillis(),
                outcome.commitToRemoveMillis(),
                outcome.commitToKafkaMillis());
        return 0;
    }
}
