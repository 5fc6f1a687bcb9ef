package io.sluice.bench.store;

/**
 * How long a get takes under load, in nanoseconds: medians over the rounds of each percentile.
 *
 * @param gets how many were timed in a round
 * @param hitPercent how many of them were hits
 * @param clockNanos the median of two readings of the clock with nothing between them, which is in every number
 */
public record LatencyResult(
        String contestant,
        int rounds,
        long gets,
        double hitPercent,
        double clockNanos,
        double p50Nanos,
        double p99Nanos,
        double p999Nanos,
        double p9999Nanos,
        double maxNanos) {}
