package io.sluice.bench.cluster;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Requests by the moment when they ended, counted in slices of {@value #SLICE_MILLIS} ms. Thread-safe. Moments are
 * milliseconds since the load began; what ends after the last slice is counted in the last.
 */
public final class RequestLog {
    /** The finest that is told apart. */
    public static final int SLICE_MILLIS = 100;

    private static final int MAX_SLICES = 10 * 60 * 1_000 / SLICE_MILLIS;
    /** Short enough to show a dip, long enough to be more than noise. */
    private static final int WINDOW_MILLIS = 500;

    private final AtomicIntegerArray hits = new AtomicIntegerArray(MAX_SLICES);
    private final AtomicIntegerArray misses = new AtomicIntegerArray(MAX_SLICES);
    private final AtomicIntegerArray failures = new AtomicIntegerArray(MAX_SLICES);

    /** An answer from the memory of any node. */
    public void hit(long millis) {
        hits.incrementAndGet(slice(millis));
    }

    /** An answer from the source. */
    public void miss(long millis) {
        misses.incrementAndGet(slice(millis));
    }

    /** No answer. */
    public void failure(long millis) {
        failures.incrementAndGet(slice(millis));
    }

    /** How many ended from one moment to before another, both rounded down to slices; failures count. */
    public int requests(long fromMillis, long toMillis) {
        return sum(hits, fromMillis, toMillis) + sum(misses, fromMillis, toMillis) + failed(fromMillis, toMillis);
    }

    /** How many of them got no answer. */
    public int failed(long fromMillis, long toMillis) {
        return sum(failures, fromMillis, toMillis);
    }

    /** Hits over requests; a failure is no hit. NaN when there was no request. */
    public double hitRatio(long fromMillis, long toMillis) {
        return (double) sum(hits, fromMillis, toMillis) / requests(fromMillis, toMillis);
    }

    /**
     * From when on the hit ratio stayed at least at {@code least}, in every half second that lies between the moments;
     * {@code fromMillis} when it never was lower. A half second without requests counts as lower.
     */
    public long staysAbove(double least, long fromMillis, long toMillis) {
        for (long end = toMillis; end - WINDOW_MILLIS >= fromMillis; end -= SLICE_MILLIS) {
            if (!(hitRatio(end - WINDOW_MILLIS, end) >= least)) {
                return end;
            }
        }
        return fromMillis;
    }

    private static int sum(AtomicIntegerArray counts, long fromMillis, long toMillis) {
        int sum = 0;
        for (int slice = slice(fromMillis); slice < slice(toMillis); slice++) {
            sum += counts.get(slice);
        }
        return sum;
    }

    private static int slice(long millis) {
        return Math.clamp(millis / SLICE_MILLIS, 0, MAX_SLICES - 1);
    }
}
