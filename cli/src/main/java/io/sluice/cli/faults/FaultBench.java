package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Has things go wrong under load and compares what nodes hold with MySQL, scenario by scenario. Used by one thread. */
public final class FaultBench {
    private static final int CHANGES_BEFORE = 300;
    private static final Duration HITS_MEASURED = Duration.ofSeconds(3);
    private static final int LINES_SHOWN = 5;

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
    public FaultOutcome run(String name) throws Exception {
        FaultScenario scenario = FaultScenario.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no scenario " + name + ": use one of " + String.join(", ", names())));
        progress.println(name);
        FaultOutcome outcome = run(scenario);
        progress.printf(Locale.ROOT, "  %s%n", outcome.isGood() ? "good" : "NOT GOOD: " + outcome.failure());
        outcome.details().stream().limit(LINES_SHOWN).forEach(line -> progress.println("  " + line));
        return outcome;
    }

    private FaultOutcome run(FaultScenario scenario) throws Exception {
        String seen = "";
        String failure = "";
        double before = 0;
        double after = 0;
        double recovery = 0;
        List<String> wrong = new ArrayList<>();
        int cached = 0;
        FaultLoad load =
                FaultLoad.start(scene.rows(), scene.client(), scene.cluster().nodes());
        try (load) {
            load.awaitChanges(CHANGES_BEFORE);
            before = load.hitRatio(HITS_MEASURED);
            FaultCourse course = new FaultCourse(load, lasting);
            seen = scenario.happen(scene, course);
            scene.flow().awaitApplied();
            recovery = course.secondsSinceLifted();
            after = load.hitRatio(HITS_MEASURED);
            load.stopWriting();
            scene.flow().awaitApplied();
        } catch (IllegalStateException e) {
            failure = Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                    .map(Throwable::toString)
                    .toList()
                    .toString();
        }
        if (failure.isEmpty()) {
            // What is right now must stay right.
            for (int look = 0; look < 2; look++) {
                Comparison comparison = Comparison.of(
                        scene.rows(), scene.client(), scene.cluster().nodes());
                cached = look == 0 ? comparison.fromMemory() : cached;
                wrong.addAll(comparison.wrong());
            }
        }
        FaultLoad.Counts counts = load.counts();
        return new FaultOutcome(
                scenario.name(),
                seen,
                counts.reads(),
                counts.failedReads(),
                counts.changes(),
                counts.readBack(),
                counts.readBackWrong(),
                cached,
                wrong.size(),
                recovery,
                before,
                after,
                failure,
                wrong);
    }
}
