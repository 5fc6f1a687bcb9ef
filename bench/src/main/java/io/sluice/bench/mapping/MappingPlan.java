package io.sluice.bench.mapping;

import java.time.Duration;
import java.util.List;

/**
 * What to measure and for how long. Immutable.
 *
 * @param rows rows in each message, several numbers
 * @param rounds how many times everything is measured, one way to read after the other in each round
 * @param warmup time before each measurement that does not count
 * @param measured time of each measurement
 * @param profilers names of JMH's profilers to attach beside the one that counts allocation
 */
public record MappingPlan(List<Integer> rows, int rounds, Duration warmup, Duration measured, List<String> profilers) {
    public MappingPlan {
        rows = List.copyOf(rows);
        profilers = List.copyOf(profilers);
        if (rows.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("nothing to measure: name a number of rows and a round at least");
        }
    }

    /** Everything in three rounds: about three minutes. */
    public static MappingPlan full() {
        return new MappingPlan(List.of(1, 20, 200), 3, Duration.ofSeconds(2), Duration.ofSeconds(1), List.of());
    }

    /** One round: about a minute. */
    public static MappingPlan quick() {
        return new MappingPlan(List.of(1, 20, 200), 1, Duration.ofSeconds(2), Duration.ofSeconds(1), List.of());
    }

    /** The same with these profilers. */
    public MappingPlan profiledBy(List<String> others) {
        return new MappingPlan(rows, rounds, warmup, measured, others);
    }
}
