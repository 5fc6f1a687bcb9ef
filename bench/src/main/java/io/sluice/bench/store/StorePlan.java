package io.sluice.bench.store;

import java.time.Duration;
import java.util.List;

/**
 * What to measure and for how long. Immutable.
 *
 * @param rounds how many times everything is measured, each contestant after the other in each round
 * @param warmup time before each measurement that does not count
 * @param measured time of each measurement
 * @param profilers names of JMH's profilers to attach beside the one that counts allocation
 */
public record StorePlan(
        List<StoreBenchmark> benchmarks,
        List<Integer> threads,
        int rounds,
        Duration warmup,
        Duration measured,
        List<String> profilers) {
    private static final List<Integer> THREADS = List.of(1, 2);

    public StorePlan {
        benchmarks = List.copyOf(benchmarks);
        threads = List.copyOf(threads);
        profilers = List.copyOf(profilers);
        if (benchmarks.isEmpty() || threads.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("nothing to measure: name a benchmark, threads and a round at least");
        }
    }

    /** Everything in three rounds: under 10 minutes. */
    public static StorePlan full() {
        return new StorePlan(
                StoreBenchmark.ALL, THREADS, 3, Duration.ofMillis(1_200), Duration.ofMillis(1_200), List.of());
    }

    /** One round of what tells most, under 90 seconds: skewed keys, and puts that evict. */
    public static StorePlan quick() {
        return new StorePlan(
                List.of(StoreBenchmark.GET_HIT_ZIPF, StoreBenchmark.MIXED_ZIPF, StoreBenchmark.PUT_EVICT),
                THREADS,
                1,
                Duration.ofMillis(1_000),
                Duration.ofMillis(600),
                List.of());
    }

    /** The same for these benchmarks only. */
    public StorePlan only(List<StoreBenchmark> some) {
        return new StorePlan(some, threads, rounds, warmup, measured, profilers);
    }

    /** The same with these profilers. */
    public StorePlan profiledBy(List<String> others) {
        return new StorePlan(benchmarks, threads, rounds, warmup, measured, others);
    }
}
