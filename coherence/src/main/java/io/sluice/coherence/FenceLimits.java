package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much a {@link Fence} remembers, and for how long a Remove without position keeps loads out. Immutable.
 *
 * @param maxRecords how many keys have a record of their own, at least 1; what is forgotten goes into the floor first
 * @param maxAge after how long a record may be merged into the floor; tuning only, never a matter of correctness
 * @param hold how long after a Remove a load must begin to be admitted where positions cannot decide; not negative.
 *     Longer than the source takes to make a commit visible after it published the change
 */
public record FenceLimits(int maxRecords, Duration maxAge, Duration hold) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** 1,024 records, 60 s, hold of 2 s. */
    public static final FenceLimits DEFAULTS = new FenceLimits(1_024, Duration.ofSeconds(60), Duration.ofSeconds(2));

    public FenceLimits {
        requireNonNull(maxAge, "maxAge is null");
        requireNonNull(hold, "hold is null");
        if (maxRecords < 1) {
            throw new IllegalArgumentException("maxRecords is " + maxRecords + ", must be at least 1");
        }
        if (maxAge.isNegative() || maxAge.compareTo(LONGEST) > 0 || hold.isNegative() || hold.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "maxAge is " + maxAge + " and hold " + hold + ", both must be from 0 to " + LONGEST);
        }
    }
}
