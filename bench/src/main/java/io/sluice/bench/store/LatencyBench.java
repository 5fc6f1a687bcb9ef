package io.sluice.bench.store;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how long a get takes under load, the contestants in turn in several rounds, each in a JVM of its own. Used
 * by one thread.
 */
public final class LatencyBench {
    private static final List<ContestantKind> CONTESTANTS =
            List.of(ContestantKind.SLUICE, ContestantKind.CAFFEINE, ContestantKind.CAFFEINE_FULL);

    private final int rounds;
    private final int seconds;

    /**
     * @param rounds how often each contestant is measured
     * @param seconds how long each time
     */
    public LatencyBench(int rounds, int seconds) {
        if (rounds < 1 || seconds < 1) {
            throw new IllegalArgumentException("rounds and seconds must be at least 1");
        }
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** Hands out the results after the last round. */
    public void run(Consumer<LatencyResult> results) {
        Map<ContestantKind, List<double[]>> measured = new EnumMap<>(ContestantKind.class);
        for (int round = 0; round < rounds; round++) {
            for (ContestantKind contestant : CONTESTANTS) {
                double[] numbers = ChildJvm.numbers(
                        LatencyProbe.class, ChildJvm.FLAGS, List.of(contestant.toString(), Integer.toString(seconds)));
                measured.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(numbers);
            }
        }
        measured.forEach((contestant, numbers) -> results.accept(result(contestant, numbers)));
    }

    private static LatencyResult result(ContestantKind contestant, List<double[]> rounds) {
        double gets = median(rounds, 0);
        return new LatencyResult(
                contestant.toString(),
                rounds.size(),
                (long) gets,
                100 * median(rounds, 1) / gets,
                median(rounds, 2),
                median(rounds, 3),
                median(rounds, 4),
                median(rounds, 5),
                median(rounds, 6),
                median(rounds, 7));
    }

    private static double median(List<double[]> rounds, int column) {
        return Medians.of(
                rounds.stream().mapToDouble(numbers -> numbers[column]).toArray());
    }
}
