package io.sluice.cli;

import io.sluice.bench.cluster.ClusterOutcome;
import io.sluice.bench.cluster.FaultPicture;
import io.sluice.cli.cluster.ClusterBench;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what joins, kills and restarts cost. */
@Command(
        name = "cluster",
        description = "Starts a whole cluster on this machine, and has nodes join, die and restart under load.",
        mixinStandardHelpOptions = true)
final class BenchCluster implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Option(names = "--picture", paramLabel = "FILE", description = "Draw hit ratio and loads over time, as SVG")
    private @Nullable Path picture;

    @Override
    public Integer call() throws Exception {
        ClusterBench.Result result = new ClusterBench(System.err).run();
        if (picture != null) {
            Files.writeString(picture, FaultPicture.of(result.course()));
        }
        if (json) {
            System.out.println(result.outcome().json());
        } else {
            print(result.outcome(), System.out);
        }
        return 0;
    }

    private static void print(ClusterOutcome outcome, PrintStream out) {
        out.printf(
                Locale.ROOT,
                """
                A node joins: loads in the next 10 s, for each read         %8.4f  (goal: under 0.05)
                A node is killed: reads failed after the first 500 ms       %8d  (goal: 0)
                  seconds until the hit ratio stays above 95 %% of before    %8.1f  (goal: lease of 2 s + 2 s)
                  most loads in a second, over the mean before              %8.2f  (goal: at most 2)
                All nodes are restarted in turn: reads failed               %8d  (goal: 0)
                """,
                outcome.joinLoadsPerRequest(),
                outcome.killFailedAfter500Millis(),
                outcome.killHitRecoverySeconds(),
                outcome.killQueryRateRatio(),
                outcome.rollingFailed());
    }
}
