package io.sluice.bench.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmark of mapping: for each number of rows several rounds, in each round every way to read in a JVM of
 * its own, one right after the other, each with one thread. Used by one thread.
 */
public final class MappingBench {
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xms512m",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final MappingPlan plan;
    private final Consumer<String> profiles;

    private record Sample(double messagesPerSecond, double bytesPerMessage) {}

    /** @param profiles gets what the plan's profilers say, as text */
    public MappingBench(MappingPlan plan, Consumer<String> profiles) {
        this.plan = requireNonNull(plan, "plan is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
    }

    /** Hands out the results for each number of rows as soon as they are complete. */
    public void run(Consumer<List<MappingResult>> results) {
        for (int rows : plan.rows()) {
            Map<MessageReading, List<Sample>> samples = new EnumMap<>(MessageReading.class);
            for (int round = 0; round < plan.rounds(); round++) {
                List<MessageReading> inTurn = new ArrayList<>(MessageReading.ALL);
                Collections.rotate(inTurn, round);
                for (MessageReading reading : inTurn) {
                    samples.computeIfAbsent(reading, _ -> new ArrayList<>()).add(measure(reading, rows));
                }
            }
            long bytes = (long) CanalMessages.of(rows).stream()
                    .mapToInt(message -> message.length)
                    .average()
                    .orElse(0);
            results.accept(samples.entrySet().stream()
                    .map(entry -> result(entry.getKey(), rows, bytes, entry.getValue()))
                    .toList());
        }
    }

    private Sample measure(MessageReading reading, int rows) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + MappingBenchmarks.class.getName() + ".message$")
                .param("reading", reading.name())
                .param("rows", Integer.toString(rows))
                .threads(1)
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.nanoseconds(plan.warmup().toNanos()))
                .measurementIterations(1)
                .measurementTime(TimeValue.nanoseconds(plan.measured().toNanos()))
                .jvmArgs(FLAGS.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        plan.profilers().forEach(options::addProfiler);
        RunResult result;
        try {
            result = new Runner(options.build()).runSingle();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not run '" + reading + "': " + e, e);
        }
        if (!plan.profilers().isEmpty()) {
            result.getSecondaryResults()
                    .forEach((name, secondary) -> profiles.accept(reading + ", " + rows + " rows: " + name + ' '
                            + secondary + '\n' + secondary.extendedInfo()));
        }
        return new Sample(
                result.getPrimaryResult().getScore(),
                requireNonNull(result.getSecondaryResults().get(ALLOCATION), "JMH did not count allocation")
                        .getScore());
    }

    private static MappingResult result(MessageReading reading, int rows, long bytes, List<Sample> rounds) {
        double[] speeds = sorted(rounds, Sample::messagesPerSecond);
        double median = speeds[speeds.length / 2];
        double[] allocated = sorted(rounds, Sample::bytesPerMessage);
        return new MappingResult(
                reading.toString(),
                rows,
                bytes,
                median,
                median * rows,
                speeds[0] * rows,
                speeds[speeds.length - 1] * rows,
                allocated[allocated.length / 2] / rows);
    }

    private static double[] sorted(List<Sample> rounds, ToDoubleFunction<Sample> of) {
        return rounds.stream().mapToDouble(of).sorted().toArray();
    }
}
