package io.sluice.cli;

import io.sluice.bench.ring.RingSpread;
import io.sluice.cluster.ClusterStatus;
import io.sluice.cluster.ClusterView;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the rings of a cluster and who has confirmed what; or, simulated, who would hold which share of the keys. */
@Command(
        name = "ring",
        description = "Shows the topology document in etcd and which participants have confirmed which ring;"
                + " with --simulate, how a ring spreads keys over nodes.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:one ring is left and it is active; or simulated",
            "1:a ring change is under way, or no ring is active",
            "2:no answer"
        })
final class RingCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--simulate",
            paramLabel = "N",
            description = "Spread a million keys over N equal nodes, and have one more join or the fullest leave")
    private int nodes;

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        if (nodes == 0) {
            ClusterView view = ClusterStatus.read(cluster.etcdSettings());
            System.out.println(json ? RingReport.json(view) : RingReport.text(view));
            return RingReport.isSettled(view) ? 0 : 1;
        }
        RingSpread spread = RingSpread.of(nodes);
        if (json) {
            printJson(spread, System.out);
        } else {
            printTable(spread, System.out);
        }
        return 0;
    }

    private static void printJson(RingSpread spread, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "{\"nodes\":%d,\"maxOverMean\":%.6f,\"minOverMean\":%.6f,\"movedOnJoin\":%.6f,\"movedOnLeave\":%.6f}%n",
                spread.nodes(),
                spread.maxOverMean(),
                spread.minOverMean(),
                share(spread.movedOnJoin()),
                share(spread.movedOnLeave()));
    }

    private static void printTable(RingSpread spread, PrintStream out) {
        int number = 0;
        for (int keys : spread.keysOfEach()) {
            out.printf(
                    Locale.ROOT,
                    "%-9s %,9d keys  %.3f of the mean%n",
                    "node-" + ++number,
                    keys,
                    share(keys) * spread.nodes());
        }
        out.printf(Locale.ROOT, "fullest   %.3f of the mean%n", spread.maxOverMean());
        out.printf(Locale.ROOT, "emptiest  %.3f of the mean%n", spread.minOverMean());
        moved(out, "one joins", spread.movedOnJoin(), spread.nodes() + 1);
        moved(out, "the fullest leaves", spread.movedOnLeave(), spread.nodes());
    }

    private static void moved(PrintStream out, String change, int moved, int sharers) {
        out.printf(
                Locale.ROOT, "%s: %,d keys move, %.3f of the least that must%n", change, moved, share(moved) * sharers);
    }

    private static double share(int keys) {
        return (double) keys / RingSpread.KEYS;
    }
}
