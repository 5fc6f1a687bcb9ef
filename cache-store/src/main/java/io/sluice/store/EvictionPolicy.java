package io.sluice.store;

import org.jspecify.annotations.Nullable;

/**
 * Ranks the entries of one segment and names the one to go. It decides; the segment holds the entries, counts their
 * bytes and does the evicting.
 *
 * <p>Single-threaded: guarded by the segment's lock. Invariant: the policy ranks exactly the nodes that were added and
 * not removed or evicted since, so it has a victim whenever there is one, and eviction always makes progress.
 */
sealed interface EvictionPolicy permits LruPolicy {
    /** A new entry came in. */
    void added(Node node);

    /** The entry was read. */
    void accessed(Node node);

    /** The entry went for another reason than making room: removed, replaced or expired. */
    void removed(Node node);

    /** The victim went to make room. */
    void evicted(Node node);

    /** The entry to go next to make room for the incoming one; null when there is none. Changes nothing. */
    @Nullable Node victim(StoreKey incoming);

    /** Throws IllegalStateException if the links are broken; returns how many nodes are ranked. */
    int audit();
}
