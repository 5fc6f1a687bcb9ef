package io.sluice.bench.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A growing count that was read from time to time, such as MySQL's own of the load queries it has run. Thread-safe. In
 * between two readings it is taken to have grown evenly.
 */
public final class LoadLog {
    private static final long SECOND_MILLIS = 1_000;

    private final ConcurrentSkipListMap<Long, Long> counts = new ConcurrentSkipListMap<>();

    /** Notes what the count was at a moment, in milliseconds since the load began. */
    public void counted(long millis, long count) {
        counts.put(millis, count);
    }

    /** How much the count grew between two moments; nothing is known, hence no growth, outside of the readings. */
    public double between(long fromMillis, long toMillis) {
        return at(toMillis) - at(fromMillis);
    }

    /** The growth a second, on average. */
    public double perSecond(long fromMillis, long toMillis) {
        return between(fromMillis, toMillis) * SECOND_MILLIS / (toMillis - fromMillis);
    }

    /** The greatest growth in any second between two moments, wherever that second begins. */
    public double peakPerSecond(long fromMillis, long toMillis) {
        double peak = 0;
        for (long end = fromMillis + SECOND_MILLIS; end <= toMillis; end += RequestLog.SLICE_MILLIS) {
            peak = Math.max(peak, between(end - SECOND_MILLIS, end));
        }
        return peak;
    }

    private double at(long millis) {
        Map.Entry<Long, Long> before = counts.floorEntry(millis);
        Map.Entry<Long, Long> after = counts.ceilingEntry(millis);
        if (before == null || after == null) {
            Map.Entry<Long, Long> nearest = before == null ? after : before;
            return nearest == null ? 0 : nearest.getValue();
        }
        long span = after.getKey() - before.getKey();
        double part = span == 0 ? 0 : (double) (millis - before.getKey()) / span;
        return before.getValue() + part * (after.getValue() - before.getValue());
    }
}
