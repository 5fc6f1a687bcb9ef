package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

/**
 * What a granter has in memory of a key at this moment. Immutable.
 *
 * @param stamp what it is known to reflect; UNKNOWN when the source has no positions
 * @param mostMillis how long it may be kept at the most, such as until its time to live is over
 */
public record Leasable(SourcePosition stamp, long mostMillis) {
    public Leasable {
        requireNonNull(stamp, "stamp is null");
    }
}
