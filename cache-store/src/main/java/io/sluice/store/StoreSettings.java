package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;

/**
 * What one group's store may use. Immutable.
 *
 * @param capacityBytes bound of everything held, key + value + {@link SegmentedStore#ENTRY_OVERHEAD_BYTES} each,
 *     divided evenly over the segments; 0 keeps nothing
 * @param segments how many independently locked parts: a power of two from 1 to 1,024
 * @param policy what goes when there is no room
 * @param fence the limits of each segment's fence
 */
public record StoreSettings(long capacityBytes, int segments, PolicyKind policy, FenceLimits fence) {
    /** The largest number of segments. */
    public static final int MAX_SEGMENTS = 1_024;

    public StoreSettings {
        requireNonNull(policy, "policy is null");
        requireNonNull(fence, "fence is null");
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("capacity is " + capacityBytes + " bytes, must not be negative");
        }
        if (segments < 1 || segments > MAX_SEGMENTS || Integer.bitCount(segments) != 1) {
            throw new IllegalArgumentException(
                    "segments is " + segments + ", must be a power of two from 1 to " + MAX_SEGMENTS);
        }
    }

    /** With the default policy. */
    public StoreSettings(long capacityBytes, int segments, FenceLimits fence) {
        this(capacityBytes, segments, PolicyKind.DEFAULT, fence);
    }

    /** The same with another policy. */
    public StoreSettings withPolicy(PolicyKind other) {
        return new StoreSettings(capacityBytes, segments, other, fence);
    }

    /** The given capacity in 16 segments with the default policy and fence. */
    public static StoreSettings ofCapacity(long capacityBytes) {
        return new StoreSettings(capacityBytes, 16, PolicyKind.DEFAULT, FenceLimits.DEFAULTS);
    }
}
