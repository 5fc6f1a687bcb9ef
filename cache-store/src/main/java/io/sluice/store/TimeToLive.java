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
    public TimeToLive {
        requireNonNull(found, "found is null");
        requireNonNull(missing, "missing is null");
        if (found.isNegative() || found.isZero() || missing.isNegative()) {
            throw new IllegalArgumentException("time to live must be greater than 0 (" + found
                    + "), that of missing rows not negative (" + missing + ")");
        }
    }

    /** When an entry written at {@code nowNanos} expires. */
    public long expiresAtNanos(boolean isFound, long nowNanos) {
        return nowNanos + (isFound ? found : missing).toNanos();
    }
}
