package io.sluice.bench.store;

import java.util.ArrayList;
import java.util.List;

/** Measures the removal of a tag that many entries carry, each round in a JVM of its own. Used by one thread. */
public final class TagBench {
    private final int rounds;

    public TagBench(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1");
        }
        this.rounds = rounds;
    }

    /** Runs all rounds. */
    public TagResult run() {
        List<double[]> measured = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            measured.add(ChildJvm.numbers(TagProbe.class, ChildJvm.FLAGS, List.of()));
        }
        return new TagResult(
                rounds,
                TagProbe.ENTRIES,
                TagProbe.ENTRIES / TagProbe.TAGS,
                median(measured, 0),
                median(measured, 1),
                median(measured, 2),
                median(measured, 3),
                median(measured, 4),
                median(measured, 5));
    }

    private static double median(List<double[]> rounds, int column) {
        return Medians.of(
                rounds.stream().mapToDouble(numbers -> numbers[column]).toArray());
    }
}
