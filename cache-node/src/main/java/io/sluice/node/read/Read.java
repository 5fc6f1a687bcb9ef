package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.StoreKey;

/**
 * One read of one key, checked and ready to be answered. Immutable.
 *
 * @param minPosition the position that the answer must reflect; unknown when any will do
 * @param deadline when nobody waits for the answer any more
 * @param forwarded whether another node sent it here, so that it must be answered here
 */
public record Read(
        CacheGroup group,
        String key,
        StoreKey storeKey,
        SourcePosition minPosition,
        Deadline deadline,
        boolean forwarded) {
    public Read {
        requireNonNull(group, "group is null");
        requireNonNull(key, "key is null");
        requireNonNull(storeKey, "storeKey is null");
        requireNonNull(minPosition, "minPosition is null");
        requireNonNull(deadline, "deadline is null");
    }

    /** The hash by which ring and store know the key. */
    public long hash() {
        return storeKey.hash();
    }

    /** Whether a value with this stamp is new enough for the request. */
    public boolean satisfiedBy(SourcePosition stamp) {
        return minPosition.isUnknown() || stamp.covers(minPosition);
    }
}
