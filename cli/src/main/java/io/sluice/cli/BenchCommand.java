package io.sluice.cli;

import io.sluice.bench.traces.Replay;
import io.sluice.bench.traces.TraceBench;
import io.sluice.bench.traces.TraceJson;
import io.sluice.bench.traces.TraceTable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures Sluice and compares it with others. */
@Command(
        name = "bench",
        description = "Measures Sluice and compares it with others.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchCommand.Traces.class,
            BenchStoreCommand.class,
            BenchHeapCommand.class,
            BenchMappingCommand.class,
            BenchCluster.class,
            BenchSyncCommand.class,
            BenchFaultsCommand.class,
            BenchCoherenceCommand.class
        })
final class BenchCommand {
    /** Compares eviction policies. */
    @Command(
            name = "traces",
            description = "Replays traces with every eviction policy, Caffeine's, and the best there could be.",
            mixinStandardHelpOptions = true)
    static final class Traces implements Callable<Integer> {
        @Option(
                names = "--traces",
                required = true,
                paramLabel = "DIR",
                description = "Directory with NAME.trace.gz (a number a line) and NAME.gz (ARC's format)")
        private Path directory = Path.of("");

        @Option(
                names = "--policy",
                paramLabel = "P",
                description = "One policy only: lru, lfu, fifo, arc, s3-fifo, w-tinylfu, caffeine or opt")
        private String policy = "";

        @Option(
                names = "--segments",
                paramLabel = "N",
                description = "Split the capacity over this many segments, as a store does: a power of two (default 1)")
        private int segments = 1;

        @Option(names = "--json", description = "Print one JSON object a line")
        private boolean json;

        @Override
        public Integer call() {
            List<Replay> replays =
                    policy.isEmpty() ? TraceBench.allReplays(segments) : List.of(TraceBench.replay(policy, segments));
            TraceBench bench = new TraceBench(directory, replays);
            if (json) {
                bench.run(new TraceJson(System.out));
                return 0;
            }
            TraceTable table = new TraceTable(System.out);
            bench.run(table);
            table.printAverages();
            return 0;
        }
    }
}
