package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a policy ranks: an entry of a known weight, with the links and the mark of the one policy that ranks it. Holders
 * extend it, so that ranking allocates nothing.
 *
 * <p>Not thread-safe: links and mark are guarded by whatever guards the policy.
 */
public abstract class Ranked {
    final int weight;

    /** What the policy notes of the entry: its list, its uses. No other code reads it. */
    int mark;

    /** Towards the newest. */
    @Nullable Ranked newer;

    /** Towards the oldest. */
    @Nullable Ranked older;

    /** @param weight what it takes of the capacity, greater than 0 */
    protected Ranked(int weight) {
        if (weight <= 0) {
            throw new IllegalArgumentException("weight is " + weight + ", must be greater than 0");
        }
        this.weight = weight;
    }

    /** The hash of the key. Two keys with one hash are taken for each other in what is remembered of the departed. */
    public abstract long hash();

    /** What it takes of the capacity. */
    public final int weight() {
        return weight;
    }
}
