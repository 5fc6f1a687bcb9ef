package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.faults.Patience;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A node is cut off from etcd and from the sync service, while clients that have its own port, MySQL and the other
 * nodes stay in reach. It must go quiet: no answer from its own memory. Used by one thread.
 */
public final class CutOff {
    private static final Duration BEFORE = Duration.ofSeconds(10);

    private final CoherenceScene scene;
    private final PrintStream progress;

    /**
     * What it came to. Immutable.
     *
     * @param quietAfterSeconds from the cut to the begin of the last read that the node's own memory answered
     * @param answersBeforeCut answers of its own memory while it was connected
     * @param answersAfterCut the same after the cut
     * @param oldestAnswerSeconds for how long the oldest of these had been out of date
     * @param backAfterSeconds from the mending until its own memory answers again
     * @param all the numbers of the whole run
     */
    public record Outcome(
            double quietAfterSeconds,
            long answersBeforeCut,
            long answersAfterCut,
            double oldestAnswerSeconds,
            double backAfterSeconds,
            CoherenceOutcome all) {}

    /** What was seen of the node. */
    private record Seen(double quietAfter, long before, long after, double oldest, double backAfter) {
        static final Seen NOTHING = new Seen(0, 0, 0, 0, 0);
    }

    /** @param progress is told what goes on, a line at a time */
    public CutOff(CoherenceScene scene, PrintStream progress) {
        this.scene = requireNonNull(scene, "scene is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Adds the node, cuts it off for a time, mends it, and compares everything. */
    public Outcome run(Duration lasting) throws SQLException {
        Seen[] seen = {Seen.NOTHING};
        try (CutNode node = CutNode.start(scene)) {
            CoherenceOutcome all = new CoherenceBench(scene, progress).run(load -> {
                try (OwnMemory own = OwnMemory.start(node.reader(), node.name(), load.judge())) {
                    seen[0] = watch(node, own, lasting);
                }
                return List.of(node.name() + " is cut off for " + lasting.toSeconds() + " s");
            });
            return new Outcome(
                    seen[0].quietAfter, seen[0].before, seen[0].after, seen[0].oldest, seen[0].backAfter, all);
        }
    }

    private Seen watch(CutNode node, OwnMemory own, Duration lasting) {
        Patience.pass(BEFORE);
        long before = own.answers();
        own.takeOldestNanos();
        progress.println("  " + node.name() + " is cut off");
        long cut = own.nowNanos();
        node.cut();
        long afterCut = own.answers();
        Patience.pass(lasting);
        long after = own.answers() - afterCut;
        double quietAfter = Math.max(0, own.lastNanos() - cut) / 1e9;
        double oldest = own.takeOldestNanos() / 1e9;
        progress.println("  " + node.name() + " is mended");
        long mended = own.nowNanos();
        node.mend();
        Patience.await(node.name() + " answering from memory", () -> own.lastNanos() > mended);
        return new Seen(quietAfter, before, after, oldest, (own.lastNanos() - mended) / 1e9);
    }
}
