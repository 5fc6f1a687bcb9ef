package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Has things go wrong under load and compares what nodes hold with MySQL, scenario by scenario. Used by one thread. */
public final class FaultBench {
    private static final int CHANGES_BEFORE = 300;
    private static final Duration HITS_MEASURED = Duration.ofSeconds(2);
    private static final int MOST_DETAILS = 10;

    private final FaultScene scene;
    private final Duration lasting;
    private final PrintStream progress;

    /**
     * @param lasting how long faults last, or load runs under them, where they have no length of their own
     * @param progress is told what goes on, a line at a time
     */
    public FaultBench(FaultScene scene, Duration lasting, PrintStream progress) {
        this.scene = requireNonNull(scene, "scene is null");
        this.lasting = requireNonNull(lasting, "lasting is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** The names of all scenarios, in the order in which they run. */
    public static List<String> names() {
        return FaultScenario.all().stream().map(FaultScenario::name).toList();
    }

    /** Runs one scenario. */
    public FaultOutcome run(String name) throws InterruptedException, SQLException {
        FaultScenario scenario = FaultScenario.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no scenario " + name + ": use one of " + String.join(", ", names())));
        progress.println(name);
        FaultOutcome outcome = run(scenario);
        progress.println("  " + (outcome.isGood() ? "good" : "NOT GOOD: " + outcome.complaint()));
        outcome.details().forEach(line -> progress.println("  " + line));
        return outcome;
    }

    private FaultOutcome run(FaultScenario scenario) throws InterruptedException, SQLException {
        // So that there is something that can become stale.
        compare();
        FaultLoad load =
                FaultLoad.start(scene.rows(), scene.client(), scene.cluster().nodes());
        Recovery recovery = new Recovery("", 0, 0, 0);
        int cached = 0;
        List<String> wrong = new ArrayList<>();
        String failure = "";
        try (load) {
            recovery = recover(scenario, load);
            load.stopWriting();
            scene.flow().awaitApplied();
            load.close();
            // What is right now must stay right.
            Comparison settled = compare();
            cached = settled.fromMemory();
            wrong.addAll(settled.wrong());
            wrong.addAll(compare().wrong());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failure = Causes.of(e);
        }
        FaultLoad.Counts counts = load.counts();
        return new FaultOutcome(
                scenario.name(),
                recovery.seen(),
                counts.reads(),
                counts.failedReads(),
                counts.changes(),
                counts.readBack(),
                counts.readBackWrong(),
                cached,
                wrong.size(),
                recovery.seconds(),
                recovery.hitRatioBefore(),
                recovery.hitRatioAfter(),
                failure,
                wrong.subList(0, Math.min(wrong.size(), MOST_DETAILS)));
    }

    private record Recovery(String seen, double seconds, double hitRatioBefore, double hitRatioAfter) {}

    private Recovery recover(FaultScenario scenario, FaultLoad load) throws Exception {
        load.awaitChanges(CHANGES_BEFORE);
        double before = load.hitRatio(HITS_MEASURED);
        FaultCourse course = new FaultCourse(load, lasting);
        String seen = scenario.happen(scene, course);
        double back = course.secondsSinceLifted();
        ChangeFlow.Passage passage = scene.flow().awaitApplied();
        double seconds = course.secondsSinceLifted();
        progress.printf(
                Locale.ROOT, "  back after %.1f s, recovered after %.1f s; a change took %s%n", back, seconds, passage);
        return new Recovery(seen, seconds, before, load.hitRatio(HITS_MEASURED));
    }

    private Comparison compare() throws SQLException {
        return Comparison.of(scene.rows(), scene.client(), scene.cluster().nodes());
    }
}
