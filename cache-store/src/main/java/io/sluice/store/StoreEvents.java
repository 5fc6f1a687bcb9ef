package io.sluice.store;

import io.sluice.coherence.SourcePosition;

/**
 * Told what becomes of the keys of a store, for a record of it. Reads are not told.
 *
 * <p>Calls about one key come in the order in which things happened to it, on the thread that did them and under the
 * segment's lock: an implementation may only note something in memory. Calls about a tag or the group come right after
 * or before the change itself, under no lock.
 */
public interface StoreEvents {
    /** Nobody wants to know. */
    StoreEvents NONE = new StoreEvents() {};

    /** Why an entry is gone that no Remove named. */
    enum Gone {
        EXPIRED,
        EVICTED,
        /** The node may not hold the key any more. */
        DROPPED
    }

    /** An entry with this stamp was offered. */
    default void offered(long keyHash, SourcePosition stamp, PutResult result) {}

    /** A Remove of a key or, told once for all that carries it, of a tag; the hash is that of the key or the tag. */
    default void removed(long hash, SourcePosition position, RemoveResult result) {}

    /** An entry with this stamp was held, and is not any more. */
    default void gone(long keyHash, SourcePosition stamp, Gone why) {}

    /** A Remove of the group. */
    default void groupRemoved(SourcePosition position) {}

    /** All entries are dropped, and nothing is demanded for it. */
    default void groupDropped() {}

    /** What does not cover the position is refused from now on. */
    default void floorRaised(SourcePosition position) {}
}
