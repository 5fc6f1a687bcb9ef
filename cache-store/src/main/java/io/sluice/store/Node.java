package io.sluice.store;

import org.jspecify.annotations.Nullable;

/**
 * An entry in its segment, with the links of the policy that ranks it. Guarded by the segment's lock.
 *
 * <p>{@code previous} and {@code next} belong to the policy alone; the store never looks at them.
 */
final class Node {
    final StoreKey key;
    final CacheEntry entry;
    final long bytes;

    @Nullable Node previous;

    @Nullable Node next;

    Node(StoreKey key, CacheEntry entry, long bytes) {
        this.key = key;
        this.entry = entry;
        this.bytes = bytes;
    }
}
