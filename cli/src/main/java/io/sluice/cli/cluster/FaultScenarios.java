package io.sluice.cli.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.bench.cluster.ClusterOutcome;
import io.sluice.bench.cluster.Course;
import io.sluice.bench.cluster.LoadLog;
import io.sluice.bench.cluster.ReadLoad;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.SluiceClient;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * What is done to a cluster under load, and what is measured meanwhile: a fourth node joins and leaves, a node is
 * killed and comes back, all are restarted in turn. Used once, by one thread; the load must be running.
 */
final class FaultScenarios {
    private static final long CALM_MILLIS = 8_000;
    private static final long JOIN_MEASURED_MILLIS = 10_000;
    private static final long KILL_OBSERVED_MILLIS = 15_000;
    private static final long GRACE_MILLIS = 500;
    private static final long AFTERMATH_MILLIS = 4_000;
    private static final long RECENT_MILLIS = 2_000;
    private static final double RECOVERED = 0.95;
    /** The cluster is as it was when nothing more of a dip is to be seen. */
    private static final double CALM_AGAIN = 0.98;

    private static final long PATIENCE_MILLIS = 40_000;
    private static final long BETWEEN_CHECKS_NANOS = 10_000_000;
    private static final int SAMPLED_KEYS = 200;

    private final LocalCluster cluster;
    private final SluiceClient client;
    private final ReadLoad reads;
    private final LoadLog loads;
    private final PrintStream progress;
    private final List<Course.Phase> phases = new ArrayList<>();
    private final List<Course.Event> events = new ArrayList<>();
    private double calmHitRatio;

    FaultScenarios(LocalCluster cluster, SluiceClient client, ReadLoad reads, LoadLog loads, PrintStream progress) {
        this.cluster = requireNonNull(cluster, "cluster is null");
        this.client = requireNonNull(client, "client is null");
        this.reads = requireNonNull(reads, "reads is null");
        this.loads = requireNonNull(loads, "loads is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    ClusterBench.Result run() throws IOException, InterruptedException {
        calm();
        Kill kill = kill();
        double joinLoadsPerRequest = joinAndLeave();
        int rollingFailed = restartAll();
        long end = reads.millis();
        pause(GRACE_MILLIS);
        reads.failures().forEach(failure -> progress.println("  failed at " + failure));
        ClusterOutcome outcome = new ClusterOutcome(
                joinLoadsPerRequest, kill.failed(), kill.recoverySeconds(), kill.queryRateRatio(), rollingFailed);
        String title = String.format(
                Locale.ROOT,
                "%,d reads in %d s over %,d rows, MySQL, Canal, Kafka, etcd and all nodes on one machine of %d cores",
                reads.log().requests(0, end),
                TimeUnit.MILLISECONDS.toSeconds(end),
                BenchRows.COUNT,
                Runtime.getRuntime().availableProcessors());
        return new ClusterBench.Result(outcome, new Course(title, reads.log(), loads, end, phases, events));
    }

    private void calm() {
        pause(AFTERMATH_MILLIS);
        long from = reads.millis();
        pause(CALM_MILLIS);
        long to = reads.millis();
        calmHitRatio = reads.log().hitRatio(from, to);
        ended(
                "Calm",
                from,
                String.format(Locale.ROOT, "%.1f %% hits", 100 * calmHitRatio),
                String.format(Locale.ROOT, "%.0f loads/s", loads.perSecond(from, to)));
    }

    private double joinAndLeave() throws IOException, InterruptedException {
        SluiceProcess node = cluster.addNode();
        long from = happens(node.name() + " starts");
        node.launch();
        await(node.name() + " owns keys", () -> owns(node.name()));
        long joined = happens(node.name() + " owns keys");
        pause(JOIN_MEASURED_MILLIS);
        long to = joined + JOIN_MEASURED_MILLIS;
        double perRequest = loads.between(joined, to) / reads.log().requests(joined, to);
        progress.println("  of its peeks: " + NodeCounters.lines(node, "sluice_node_peeks_total"));
        node.awaitReady();
        pause(AFTERMATH_MILLIS);
        long stops = happens(node.name() + " is told to stop");
        node.close();
        double stopSeconds = (reads.millis() - stops) / 1e3;
        await(node.name() + " is no owner", () -> !owns(node.name()));
        pause(AFTERMATH_MILLIS);
        awaitCalm();
        ended(
                "A node joins and leaves",
                from,
                String.format(Locale.ROOT, "joins: %.1f %% of reads are loads", 100 * perRequest),
                String.format(Locale.ROOT, "leaves: stops in %.1f s", stopSeconds),
                String.format(Locale.ROOT, "%d reads fail", reads.log().failed(from, reads.millis())));
        return perRequest;
    }

    private record Kill(int failed, double recoverySeconds, double queryRateRatio) {}

    private Kill kill() {
        long from = reads.millis();
        pause(CALM_MILLIS);
        // The owner of the key that most ask for.
        Member owner = requireNonNull(client.topology().owner(hash(1)), "the ring is empty");
        SluiceProcess victim = cluster.node(owner.name());
        long killed = happens("kill -9 " + victim.name());
        victim.kill();
        pause(KILL_OBSERVED_MILLIS);
        long to = killed + KILL_OBSERVED_MILLIS;
        double before = reads.log().hitRatio(from, killed);
        double rateBefore = loads.perSecond(from, killed);
        Kill kill = new Kill(
                reads.log().failed(killed + GRACE_MILLIS, to),
                (reads.log().staysAbove(RECOVERED * before, killed, to) - killed) / 1e3,
                loads.peakPerSecond(killed, to) / rateBefore);
        progress.printf(
                Locale.ROOT,
                "  in the first %d ms %d reads failed; before: %.2f %% hits, %.1f loads/s%n",
                GRACE_MILLIS,
                reads.log().failed(killed, killed + GRACE_MILLIS),
                100 * before,
                rateBefore);
        happens(victim.name() + " starts again");
        victim.launch();
        victim.awaitReady();
        happens(victim.name() + " is ready");
        pause(AFTERMATH_MILLIS);
        awaitCalm();
        ended(
                "kill -9",
                from,
                String.format(Locale.ROOT, "%d reads fail after 0.5 s", kill.failed()),
                String.format(Locale.ROOT, "hit ratio back after %.1f s", kill.recoverySeconds()),
                String.format(Locale.ROOT, "peak of loads %.1f times before", kill.queryRateRatio()));
        return kill;
    }

    private int restartAll() {
        long from = reads.millis();
        for (SluiceProcess node : cluster.nodes().subList(0, cluster.nodes().size() - 1)) {
            happens(node.name() + " is restarted");
            node.close();
            node.launch();
            node.awaitReady();
        }
        happens("the last is ready");
        pause(AFTERMATH_MILLIS);
        int failed = reads.log().failed(from, reads.millis());
        ended("Rolling restart", from, String.format(Locale.ROOT, "%d reads fail", failed));
        return failed;
    }

    private void ended(String phase, long from, String... results) {
        phases.add(new Course.Phase(phase, from, reads.millis(), List.of(results)));
        progress.printf(Locale.ROOT, "%5.1f s  %s: %s%n", reads.millis() / 1e3, phase, String.join(", ", results));
    }

    private long happens(String event) {
        long now = reads.millis();
        events.add(new Course.Event(event, now));
        progress.printf(Locale.ROOT, "%5.1f s  %s%n", now / 1e3, event);
        return now;
    }

    /** Until the hit ratio is what it was at first; going on without is said, and shows in the numbers. */
    private void awaitCalm() {
        long from = reads.millis();
        while (!(reads.log().hitRatio(reads.millis() - RECENT_MILLIS, reads.millis()) >= CALM_AGAIN * calmHitRatio)) {
            if (reads.millis() - from > PATIENCE_MILLIS) {
                progress.println("  the hit ratio did not come back; going on all the same");
                return;
            }
            LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
        }
    }

    private boolean owns(String node) {
        return IntStream.rangeClosed(1, SAMPLED_KEYS)
                .mapToObj(id -> client.topology().owner(hash(id)))
                .anyMatch(owner -> owner != null && owner.name().equals(node));
    }

    private static long hash(int id) {
        return KeyHash.of(BenchRows.GROUP, Integer.toString(id));
    }

    private void await(String what, BooleanSupplier condition) {
        long from = reads.millis();
        while (!condition.getAsBoolean()) {
            if (reads.millis() - from > PATIENCE_MILLIS) {
                throw new IllegalStateException("Waited in vain for " + PATIENCE_MILLIS + " ms: " + what);
            }
            LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
        }
    }

    private void pause(long millis) {
        long end = reads.millis() + millis;
        for (long left = millis; left > 0; left = end - reads.millis()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
        }
    }
}
