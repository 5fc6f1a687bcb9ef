package io.sluice.store;

import io.sluice.store.policy.Ranked;

/** An entry in its segment, ranked by the segment's policy. Guarded by the segment's lock. */
final class Node extends Ranked {
    final StoreKey key;
    final CacheEntry entry;

    /** When it was stored or last read, in {@link Segment#tick ticks}. */
    int usedAt;

    /** @param bytes what it counts, overhead included */
    Node(StoreKey key, CacheEntry entry, int bytes) {
        super(bytes);
        this.key = key;
        this.entry = entry;
    }

    @Override
    public long hash() {
        return key.hash();
    }
}
