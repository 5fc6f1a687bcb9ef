package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cli.faults.Causes;
import io.sluice.cli.faults.Patience;
import io.sluice.cluster.Member;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes, reads by every path, and judges every answer by the version that it carries.
 *
 * <p>A change is a row inserted, updated or deleted, and each is a version of its row. It is <i>committed</i> when its
 * COMMIT has returned. An answer is <i>out of date</i> for T when a newer version than it says was committed longer
 * than T before the read began. So a number counts:
 *
 * <ul>
 *   <li>{@code reads}: answers that were judged, all of them: those of reads at a fixed rate of keys at random, and
 *       those that follow changes
 *   <li>{@code staleReadsOver1s}, {@code 5s}, {@code 60s}: of these, the ones out of date for longer than that
 *   <li>{@code neverWritten}: answers that the row never was; {@code staleBeyondBound}: answers that were out of date
 *       for longer than the bound of staleness that came with them, as {@code bounded} of them had one
 *   <li>{@code changes}: rows changed; {@code invisibleWithin1sRatio}: the share of them for which no read that began
 *       more than a second after the commit saw an older version. Each change is <i>followed</i>: every reader is asked
 *       for one of its keys right after the commit, again every 10 ms until they give the new version, and once more
 *       after a second. So it takes no luck to see a change that is late. While the change stream stands still not all
 *       are followed
 *   <li>{@code delayMillis}: for each change from its commit to the begin of the last read that saw an older version; 0
 *       when there was none. It is short by at most the pause between two looks
 *   <li>{@code hitRatio}: the share of the answers to reads at a fixed rate that came from the memory of any node;
 *       those that follow changes ask for what is just gone, and do not count
 *   <li>{@code staleAfterSettling}: writers have ended, a change that was made after the last of them has come out of
 *       every partition, and the offsets behind it are committed, so every Remove is done; then every key is read of
 *       every node, in batches and near, twice. Counted is each key by each way of asking, once, if one of the two
 *       answers is not what MySQL has, or did not come
 * </ul>
 *
 * <p>The load runs for 15 s before changes and late answers count; what must not be at all counts always.
 *
 * <p>Used by one thread.
 */
public final class CoherenceBench {
    private static final int MOST_LINES = 20;
    /** JVMs that have just begun to work are slow, and nine of them do at once. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private final CoherenceScene scene;
    private final PrintStream progress;

    /** @param progress is told what goes on, a line at a time */
    public CoherenceBench(CoherenceScene scene, PrintStream progress) {
        this.scene = requireNonNull(scene, "scene is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Runs without faults. */
    public CoherenceOutcome run(Duration time) throws SQLException {
        return run(load -> {
            Patience.pass(time);
            return List.of();
        });
    }

    /**
     * Runs with every fault, as many as there is time for; the last one is waited for.
     *
     * @param seed of their order
     */
    public CoherenceOutcome runWithFaults(Duration time, long seed) throws SQLException {
        progress.println("Faults in the order of seed " + seed);
        Faults faults = new Faults(scene, seed);
        return run(load -> new FaultRun(faults, progress).last(time));
    }

    /** What goes on while the load runs. */
    @FunctionalInterface
    interface Events {
        /** Returns what went wrong, in order. */
        List<String> happen(CoherenceLoad load) throws Exception;
    }

    CoherenceOutcome run(Events events) throws SQLException {
        // So that there is something that can become stale.
        Settled.of(scene);
        long startNanos = System.nanoTime();
        CoherenceLoad load = CoherenceLoad.start(
                scene,
                line -> progress.printf(Locale.ROOT, "  %6.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, line));
        List<String> faults = List.of();
        Settled settled = Settled.NOTHING;
        double hitRatio = 0;
        String failure = "";
        try (load) {
            Patience.pass(WARM_UP);
            load.ledger().countFromNow();
            SteadyReads.Counts before = load.counts();
            faults = events.happen(load);
            hitRatio = load.counts().hitRatioSince(before);
            load.stopWriting();
            progress.println("Settling");
            scene.flow().awaitApplied();
            load.close();
            awaitOneRing();
            // What is right now must stay right.
            settled = settled().and(settled());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        } catch (Exception e) {
            failure = Causes.of(e);
        }
        String unjudged = load.judge().unjudged();
        if (!unjudged.isEmpty()) {
            failure = failure.isEmpty() ? unjudged : unjudged + "; " + failure;
        }
        load.judge().failures().forEach(line -> progress.println("  without an answer: " + line));
        return outcome(load, hitRatio, settled, faults, failure);
    }

    private Settled settled() throws SQLException {
        Settled settled = Settled.of(scene);
        settled.stale().values().stream().limit(MOST_LINES).forEach(line -> progress.println("  stale: " + line));
        return settled;
    }

    /** Who is asked must be who is there. */
    private void awaitOneRing() {
        Set<String> running = scene.cluster().nodes().stream()
                .filter(SluiceProcess::isAlive)
                .map(SluiceProcess::name)
                .collect(Collectors.toSet());
        Patience.await(
                "one ring of " + running,
                () -> scene.client().topology().rings().size() == 1
                        && names(scene.client().topology().members()).equals(running));
    }

    private static Set<String> names(List<Member> members) {
        return members.stream().map(Member::name).collect(Collectors.toSet());
    }

    private static CoherenceOutcome outcome(
            CoherenceLoad load, double hitRatio, Settled settled, List<String> faults, String failure) {
        Map<String, Long> paths = new TreeMap<>();
        load.judge().reads().forEach((path, count) -> paths.put(path.title(), count));
        Map<String, Long> sources = new TreeMap<>();
        load.judge()
                .sources()
                .forEach((source, count) -> sources.put(source.name().toLowerCase(Locale.ROOT), count));
        return new CoherenceOutcome(
                paths.values().stream().mapToLong(Long::longValue).sum(),
                load.ledger().changes(),
                settled.stale().size(),
                load.judge().over1s(),
                load.judge().over5s(),
                load.judge().over60s(),
                load.ledger().invisibleWithin1sRatio(),
                hitRatio,
                load.ledger().delayMillis(),
                load.judge().neverWritten(),
                load.judge().bounded(),
                load.judge().beyondBound(),
                load.judge().failedReads(),
                paths,
                sources,
                load.followed(),
                settled.compared().size(),
                settled.fromMemory().size(),
                faults,
                failure);
    }
}
