package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much a granter lends. Immutable.
 *
 * @param longest the longest lease, and so the longest wait of a Remove; 1 ms to {@link #LONGEST}
 * @param most most leases at a time, at least 1
 * @param mostOfHolder most of them of one holder, at least 1
 */
public record LeaseLimits(Duration longest, int most, int mostOfHolder) {
    /** No granter grants longer ones: who waits for a Remove by no more than this has waited for every lease. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    public LeaseLimits {
        requireNonNull(longest, "longest is null");
        if (longest.toMillis() < 1 || longest.compareTo(LONGEST) > 0 || most < 1 || mostOfHolder < 1) {
            throw new IllegalArgumentException("leases of " + longest + ", " + most + " in all and " + mostOfHolder
                    + " of a holder: each must be at least 1, the first 1 ms to " + LONGEST.toSeconds() + " s");
        }
    }
}
