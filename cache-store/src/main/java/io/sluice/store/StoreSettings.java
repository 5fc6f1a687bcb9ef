package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;

/**
 * How one group's store works. Immutable.
 *
 * @param segments how many independently locked parts: a power of two from 1 to 1,024
 * @param policy what goes when there is no room
 * @param fence the limits of each segment's fence
 */
public record StoreSettings(int segments, PolicyKind policy, FenceLimits fence) {
    /** The largest number of segments. */
    public static final int MAX_SEGMENTS = 1_024;

    public StoreSettings {
        requireNonNull(policy, "policy is null");
        requireNonNull(fence, "fence is null");
        if (segments < 1 || segments > MAX_SEGMENTS || Integer.bitCount(segments) != 1) {
            throw new IllegalArgumentException(
                    "segments is " + segments + ", must be a power of two from 1 to " + MAX_SEGMENTS);
        }
    }

    /** 16 segments with the default policy and fence. */
    public static final StoreSettings DEFAULTS = new StoreSettings(16, PolicyKind.DEFAULT, FenceLimits.DEFAULTS);

    /** The same with another policy. */
    public StoreSettings withPolicy(PolicyKind other) {
        return new StoreSettings(segments, other, fence);
    }
}
