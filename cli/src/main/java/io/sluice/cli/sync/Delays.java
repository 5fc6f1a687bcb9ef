package io.sluice.cli.sync;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Collects delays. Safe for use by many threads. */
public final class Delays {
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Histogram nanos = new ConcurrentHistogram(HIGHEST_NANOS, 3);

    /** A negative delay is none: what tells the end may come before what tells the beginning. */
    public void add(long delayNanos) {
        nanos.recordValue(Math.clamp(delayNanos, 0, HIGHEST_NANOS));
    }

    long count() {
        return nanos.getTotalCount();
    }

    public Percentiles percentiles() {
        return new Percentiles(
                nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
                nanos.getValueAtPercentile(99) / NANOS_PER_MILLI,
                nanos.getMaxValue() / NANOS_PER_MILLI);
    }

    /** How many there are up to each of these milliseconds, and how many in all, one a line. */
    String table(double... upToMillis) {
        StringBuilder lines = new StringBuilder();
        for (double millis : upToMillis) {
            long below = nanos.getCountBetweenValues(0, (long) (millis * NANOS_PER_MILLI));
            lines.append("      up to %6.0f ms %6d of %d%n".formatted(millis, below, count()));
        }
        return lines.toString();
    }
}
