package io.sluice.cli;

import io.sluice.cli.faults.FaultBench;
import io.sluice.cli.faults.FaultOutcome;
import io.sluice.cli.faults.FaultScene;
import io.sluice.devstack.Devstack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Has servers and processes die under load, and compares what is cached afterwards with MySQL. */
@Command(
        name = "faults",
        description = "Starts the real servers, three nodes and a sync service on this machine, has them die, stand"
                + " still and lose messages while rows change, and compares every cached key on every node with MySQL.",
        mixinStandardHelpOptions = true)
final class BenchFaultsCommand implements Callable<Integer> {
    private static final int LEAST_SECONDS = 2;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Only these scenarios, in this order")
    private List<String> only = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long a fault lasts, or load runs under it (default ${DEFAULT-VALUE}); rebalances last"
                    + " twice as long")
    private int seconds = 30;

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        List<String> unknown = new ArrayList<>(only);
        unknown.removeAll(FaultBench.names());
        if (!unknown.isEmpty() || seconds < LEAST_SECONDS) {
            System.err.println(
                    unknown.isEmpty()
                            ? "--seconds must be at least " + LEAST_SECONDS
                            : "there is no scenario " + unknown.getFirst() + ": use some of "
                                    + String.join(",", FaultBench.names()));
            return 2;
        }
        List<FaultOutcome> outcomes = new ArrayList<>();
        System.err.println("Starting MySQL, Kafka, etcd, Canal, three nodes and the sync service");
        try (Devstack stack = Devstack.start();
                FaultScene scene = FaultScene.start(stack, "bench_faults")) {
            FaultBench bench = new FaultBench(scene, Duration.ofSeconds(seconds), System.err);
            for (String name : only.isEmpty() ? FaultBench.names() : only) {
                outcomes.add(bench.run(name));
            }
        }
        if (json) {
            System.out.println(JsonMapper.builder().build().writeValueAsString(Map.of("scenarios", outcomes)));
        } else {
            print(outcomes);
        }
        return outcomes.stream().allMatch(FaultOutcome::isGood) ? 0 : 1;
    }

    private static void print(List<FaultOutcome> outcomes) {
        System.out.println("scenario           reads  failed  changes  read back  wrong  cached  stale  recovered  hits"
                + " before  after");
        for (FaultOutcome outcome : outcomes) {
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %,7d %,7d %,8d %,10d %6d %,7d %6d %8.1f s %9.1f %% %4.1f %%  %s%n",
                    outcome.scenario(),
                    outcome.reads(),
                    outcome.failedReads(),
                    outcome.changes(),
                    outcome.readBack(),
                    outcome.readBackWrong(),
                    outcome.cached(),
                    outcome.stale(),
                    outcome.recoverySeconds(),
                    100 * outcome.hitRatioBefore(),
                    100 * outcome.hitRatioAfter(),
                    outcome.isGood() ? outcome.seen() : "NOT GOOD: " + outcome.complaint());
        }
    }
}
