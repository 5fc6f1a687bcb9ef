package io.sluice.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long entries of a group live, counted from their write: those with a value and, on their own, negative ones.
 * Immutable.
 *
 * @param found for entries with a value, greater than 0
 * @param missing for negative entries, not negative; 0 keeps none
 */
public record TimeToLive(Duration found, Duration missing) {
    private static final double JITTER = 0.1;

    public TimeToLive {
        requireNonNull(found, "found is null");
        requireNonNull(missing, "missing is null");
        if (found.isNegative() || found.isZero() || missing.isNegative()) {
            throw new IllegalArgumentException("time to live must be greater than 0 (" + found
                    + "), that of missing rows not negative (" + missing + ")");
        }
    }

    /** When an entry written at {@code nowNanos} expires at the latest. */
    public long expiresAtNanos(boolean isFound, long nowNanos) {
        return nowNanos + (isFound ? found : missing).toNanos();
    }

    /**
     * When an entry written at {@code nowNanos} expires: up to a tenth before its time is over, by chance, so that what
     * was loaded together is not loaded again together.
     *
     * @param random a number from 0 to 1
     */
    public long expiresAtNanos(boolean isFound, long nowNanos, double random) {
        long full = (isFound ? found : missing).toNanos();
        return nowNanos + full - (long) (full * JITTER * random);
    }
}
