package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much a granter lends. Immutable.
 *
 * @param longest the longest lease, and so the longest wait of a Remove; at least 1 ms
 * @param most most leases at a time, at least 1
 * @param mostOfHolder most of them of one holder, at least 1
 */
public record LeaseLimits(Duration longest, int most, int mostOfHolder) {
    public LeaseLimits {
        requireNonNull(longest, "longest is null");
        if (longest.toMillis() < 1 || most < 1 || mostOfHolder < 1) {
            throw new IllegalArgumentException("leases of " + longest + ", " + most + " in all and " + mostOfHolder
                    + " of a holder: each must be at least 1, and 1 ms");
        }
    }
}
