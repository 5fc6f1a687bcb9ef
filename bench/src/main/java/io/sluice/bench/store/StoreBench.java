package io.sluice.bench.store;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks of speed: for each benchmark and number of threads several rounds, in each round every contestant
 * in a JVM of its own, one right after the other. So what slows the machine down for a while slows all of them. Used by
 * one thread.
 */
public final class StoreBench {
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final int ITERATIONS = 2;

    private final StorePlan plan;
    private final Consumer<String> profiles;

    private record Sample(double opsPerSecond, double bytesPerOperation) {}

    /** @param profiles gets what the plan's profilers say, as text */
    public StoreBench(StorePlan plan, Consumer<String> profiles) {
        this.plan = requireNonNull(plan, "plan is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
    }

    /** Hands out the results of all contestants as soon as the last round of a benchmark is done. */
    public void run(Consumer<List<StoreResult>> results) {
        for (StoreBenchmark benchmark : plan.benchmarks()) {
            for (int threads : plan.threads()) {
                Map<ContestantKind, List<Sample>> samples = new EnumMap<>(ContestantKind.class);
                for (int round = 0; round < plan.rounds(); round++) {
                    List<ContestantKind> inTurn = new ArrayList<>(ContestantKind.ALL);
                    Collections.rotate(inTurn, round);
                    for (ContestantKind contestant : inTurn) {
                        samples.computeIfAbsent(contestant, _ -> new ArrayList<>())
                                .add(measure(benchmark, threads, contestant));
                    }
                }
                results.accept(summary(benchmark, threads, samples));
            }
        }
    }

    private Sample measure(StoreBenchmark benchmark, int threads, ContestantKind contestant) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + StoreBenchmarks.class.getName() + "." + benchmark.method() + "$")
                .param("contestant", contestant.toString())
                .param("keys", benchmark.keys())
                .threads(threads)
                .forks(1)
                .warmupIterations(ITERATIONS)
                .warmupTime(TimeValue.nanoseconds(plan.warmup().toNanos() / ITERATIONS))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.nanoseconds(plan.measured().toNanos() / ITERATIONS))
                .jvmArgs(ChildJvm.FLAGS.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        plan.profilers().forEach(options::addProfiler);
        RunResult result;
        try {
            result = new Runner(options.build()).runSingle();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not run " + benchmark + " of " + contestant + ": " + e, e);
        }
        if (!plan.profilers().isEmpty()) {
            profiles.accept(profile(benchmark, threads, contestant, result));
        }
        return new Sample(
                result.getPrimaryResult().getScore(),
                requireNonNull(result.getSecondaryResults().get(ALLOCATION), "JMH did not count allocation")
                        .getScore());
    }

    private static String profile(StoreBenchmark benchmark, int threads, ContestantKind contestant, RunResult result) {
        StringBuilder text = new StringBuilder();
        text.append(benchmark)
                .append(", ")
                .append(threads)
                .append(" threads, ")
                .append(contestant)
                .append('\n');
        result.getSecondaryResults().forEach((name, secondary) -> {
            text.append("  ").append(name).append(' ').append(secondary).append('\n');
            text.append(secondary.extendedInfo());
        });
        return text.toString();
    }

    private static List<StoreResult> summary(
            StoreBenchmark benchmark, int threads, Map<ContestantKind, List<Sample>> samples) {
        double sluice = median(samples, ContestantKind.SLUICE);
        List<StoreResult> results = new ArrayList<>();
        samples.forEach((contestant, rounds) -> {
            double[] speeds = sorted(rounds);
            double median = median(samples, contestant);
            results.add(new StoreResult(
                    benchmark.toString(),
                    threads,
                    contestant.toString(),
                    rounds.size(),
                    median,
                    speeds[0],
                    speeds[speeds.length - 1],
                    Medians.of(rounds.stream()
                            .mapToDouble(Sample::bytesPerOperation)
                            .toArray()),
                    sluice / median));
        });
        return results;
    }

    private static double median(Map<ContestantKind, List<Sample>> samples, ContestantKind contestant) {
        return Medians.of(sorted(requireNonNull(samples.get(contestant), "nothing was measured")));
    }

    private static double[] sorted(List<Sample> rounds) {
        return rounds.stream().mapToDouble(Sample::opsPerSecond).sorted().toArray();
    }
}
