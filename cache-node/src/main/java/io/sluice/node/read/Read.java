package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.StoreKey;

/**
 * One read of one key, checked and ready to be answered. Immutable.
 *
 * @param minPosition the position that the answer must reflect; unknown when any will do
 * @param maxStalenessNanos the staleness bound that the answer may have at most
 * @param deadline when nobody waits for the answer any more
 * @param forwarded whether another node sent it here, so that it must be answered here
 */
public record Read(
        CacheGroup group,
        String key,
        StoreKey storeKey,
        SourcePosition minPosition,
        long maxStalenessNanos,
        Deadline deadline,
        boolean forwarded) {
    /** Of {@link #maxStalenessNanos}: no more than the group asks for. */
    public static final long ANY_STALENESS = Long.MAX_VALUE;

    public Read {
        requireNonNull(group, "group is null");
        requireNonNull(key, "key is null");
        requireNonNull(storeKey, "storeKey is null");
        requireNonNull(minPosition, "minPosition is null");
        requireNonNull(deadline, "deadline is null");
    }

    /** A read that asks for no staleness bound of its own. */
    public Read(
            CacheGroup group,
            String key,
            StoreKey storeKey,
            SourcePosition minPosition,
            Deadline deadline,
            boolean forwarded) {
        this(group, key, storeKey, minPosition, ANY_STALENESS, deadline, forwarded);
    }

    /** The hash by which ring and store know the key. */
    public long hash() {
        return storeKey.hash();
    }

    /** Whether an answer of this staleness bound is fresh enough for the request; the group may ask for more. */
    public boolean tolerates(long boundNanos) {
        return boundNanos <= maxStalenessNanos;
    }

    /** Whether a value with this stamp is new enough for the request. */
    public boolean satisfiedBy(SourcePosition stamp) {
        return minPosition.isUnknown() || stamp.covers(minPosition);
    }
}
