package io.sluice.cli;

import io.sluice.cli.coherence.CoherenceBench;
import io.sluice.cli.coherence.CoherenceOutcome;
import io.sluice.cli.coherence.CoherenceScene;
import io.sluice.cli.coherence.CoherenceText;
import io.sluice.cli.coherence.CutOff;
import io.sluice.cli.coherence.EtcdAway;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Reads by every path while rows change, and says of every answer how old it was. */
@Command(
        name = "coherence",
        description =
                "Starts the real servers, three nodes and a sync service on this machine, writes rows and reads them"
                        + " by every path, judges every answer by the version that it carries, and at the end compares every"
                        + " key on every node with MySQL. docs/benchmarks.md says what each number means.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class BenchCoherenceCommand implements Callable<Integer> {
    private static final String NAME = "bench_coherence";
    private static final int SEEDS = 1_000_000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to write and read; with --cut-off, how long the node is cut off (default"
                    + " ${DEFAULT-VALUE})")
    private int seconds = 60;

    @ArgGroup
    private Trouble trouble = new Trouble();

    /** At most one of them. */
    private static final class Trouble {
        @Option(
                names = "--faults",
                description = "Kill, pause and restart nodes, etcd, Kafka, Canal and the sync service meanwhile, in"
                        + " random order, and have a node and a sync service join and leave")
        private boolean faults;

        @Option(
                names = "--etcd-away",
                paramLabel = "MINUTES",
                description = "In the place of --seconds: stop etcd for so long, while everything else lives")
        private @Nullable Double etcdAway;

        @Option(
                names = "--cut-off",
                description = "Cut a fourth node off from etcd and the sync service, and say when it goes quiet")
        private boolean cutOff;
    }

    @Option(names = "--seed", paramLabel = "S", description = "Of the order of the faults (default: another each time)")
    private @Nullable Long seed;

    @Option(names = "--broken", description = "Leave out a rule, to see that what becomes stale then is found")
    private boolean broken;

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    /** What a run came to: as an object of JSON, for people, and what is not as it must be. */
    private record Result(Object outcome, String text, String complaint) {}

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || (trouble.etcdAway != null && !(trouble.etcdAway > 0))) {
            System.err.println("--seconds must be at least 1, and --etcd-away more than 0");
            return 2;
        }
        System.err.println("Starting MySQL, Kafka, etcd, Canal, three nodes and the sync service");
        try (Devstack stack = Devstack.start();
                CoherenceScene scene = CoherenceScene.start(stack, NAME, broken)) {
            Result result = run(scene);
            System.out.print(
                    json ? JsonMapper.builder().build().writeValueAsString(result.outcome()) + "\n" : result.text());
            if (result.complaint().isEmpty()) {
                return 0;
            }
            System.err.println("NOT GOOD: " + result.complaint() + ". Logs: " + stack.directory());
            return 1;
        }
    }

    private Result run(CoherenceScene scene) throws SQLException {
        Duration time = Duration.ofSeconds(seconds);
        if (trouble.etcdAway != null) {
            EtcdAway.Outcome outcome =
                    new EtcdAway(scene, System.err).run(Duration.ofMillis(Math.round(trouble.etcdAway * 60_000)));
            return new Result(outcome, CoherenceText.of(outcome), outcome.all().complaint());
        }
        if (trouble.cutOff) {
            CutOff.Outcome outcome = new CutOff(scene, System.err).run(time);
            return new Result(outcome, CoherenceText.of(outcome), outcome.all().complaint());
        }
        CoherenceBench bench = new CoherenceBench(scene, System.err);
        CoherenceOutcome outcome = trouble.faults ? bench.runWithFaults(time, seed()) : bench.run(time);
        return new Result(outcome, CoherenceText.of(outcome), outcome.complaint());
    }

    private long seed() {
        return seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed;
    }
}
