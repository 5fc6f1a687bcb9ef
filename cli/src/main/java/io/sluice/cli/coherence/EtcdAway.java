package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cli.faults.Patience;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** etcd is stopped for a long time while everything else lives, and started again. Used by one thread. */
public final class EtcdAway {
    private static final Duration BEFORE = Duration.ofSeconds(20);
    private static final Duration AFTER = Duration.ofSeconds(10);
    private static final Duration SLICE = Duration.ofSeconds(20);

    private final CoherenceScene scene;
    private final PrintStream progress;

    /**
     * What it came to. Immutable.
     *
     * @param hitRatioBefore share of steady reads that memory answered before
     * @param hitRatioDuring the same while etcd was away
     * @param staleReadsOver1sDuring answers that were out of date for over a second, while etcd was away
     * @param all the numbers of the whole run
     */
    public record Outcome(
            double hitRatioBefore, double hitRatioDuring, long staleReadsOver1sDuring, CoherenceOutcome all) {}

    /** @param progress is told what goes on, a line at a time */
    public EtcdAway(CoherenceScene scene, PrintStream progress) {
        this.scene = requireNonNull(scene, "scene is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Runs with etcd there, away, and back, and compares everything. */
    public Outcome run(Duration away) throws SQLException {
        double[] hitRatios = new double[2];
        long[] stale = new long[1];
        CoherenceOutcome all = new CoherenceBench(scene, progress).run(load -> {
            hitRatios[0] = hitRatio(load, BEFORE, "etcd is there");
            scene.stack().etcd().stop();
            long staleBefore = load.judge().over1s();
            hitRatios[1] = hitRatio(load, away, "etcd is away");
            stale[0] = load.judge().over1s() - staleBefore;
            scene.stack().etcd().restart();
            scene.cluster().nodes().forEach(SluiceProcess::awaitReady);
            scene.cluster().sync().awaitReady();
            hitRatio(load, AFTER, "etcd is back");
            return List.of("etcd is away for " + away.toSeconds() + " s");
        });
        return new Outcome(hitRatios[0], hitRatios[1], stale[0], all);
    }

    private double hitRatio(CoherenceLoad load, Duration time, String when) {
        SteadyReads.Counts before = load.counts();
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            SteadyReads.Counts slice = load.counts();
            Patience.pass(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
            progress.printf(
                    Locale.ROOT,
                    "  %s: %.2f %% of reads from memory%n",
                    when,
                    100 * load.counts().hitRatioSince(slice));
        }
        return load.counts().hitRatioSince(before);
    }
}
