package io.sluice.store;

import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one group on one node. Bounded in bytes; nothing enters past the fence.
 *
 * <p>Safe for use by many threads. No call blocks, does I/O or runs longer than a few map operations under one lock,
 * {@link #removeTag}, {@link #retainIf}, {@link #reclaimExpired} and {@link #stats} aside, so all but these may be made
 * from a network thread.
 *
 * <p>Invariant: after {@link #remove}, {@link #removeTag} or {@link #removeAll} has returned, neither {@link #get} nor
 * a later {@link #put} makes a value visible that is older than the removed change, in whatever order loads, copies and
 * Removes arrive ({@link io.sluice.coherence.Fence} has the orderings).
 */
public interface CacheStore {
    /** The live entry of the key, or null: a view of the store's memory, which must not be changed. */
    @Nullable CacheEntry get(StoreKey key);

    /** As {@link #get}, but it is no use of the entry: it counts nothing and changes no ranking. */
    @Nullable CacheEntry peek(StoreKey key);

    /** Offers an entry; it is held when this returns STORED, until it is removed, replaced, evicted or expires. */
    default PutResult put(StoreKey key, CacheEntry entry) {
        return put(key, entry, () -> true);
    }

    /**
     * The same while the caller may hold the key. {@code mayHold} is asked under the lock that {@link #retainIf} drops
     * under, so what it has allowed is either stored before the drop or refused. It must do no more than read memory.
     */
    PutResult put(StoreKey key, CacheEntry entry, BooleanSupplier mayHold);

    /**
     * The same for what a previous holder of the key had in memory when it was asked, after this node had become a
     * holder. What {@link #raiseFloor} demands is not demanded of it: the Removes that this node was never sent were
     * all sent to that holder, and those since then come to both. The stamp stays as that holder sent it, so a Remove
     * that is still on its way finds the entry as old as that holder knew it to be.
     */
    default PutResult putInherited(StoreKey key, CacheEntry entry) {
        return putInherited(key, entry, () -> true);
    }

    /** The same while the caller may hold the key, as in {@link #put(StoreKey, CacheEntry, BooleanSupplier)}. */
    PutResult putInherited(StoreKey key, CacheEntry entry, BooleanSupplier mayHold);

    /**
     * Forgets the key, unless what is held covers the position, and refuses what does not from now on. With UNKNOWN the
     * entry goes whatever its stamp, and only loads that begin more than the hold later are admitted.
     */
    RemoveResult remove(StoreKey key, SourcePosition position);

    /**
     * Forgets every key that carries the tag of this hash ({@link KeyTags}), as {@link #remove} does each, and refuses
     * what carries it and does not cover the position from now on, whether or not anything that carries it is held. It
     * is recorded before it begins, and done for all when it returns; COVERED when something stays that carries the
     * tag, because it covers the position. Takes time in proportion to what carries the tag, a little at a time under
     * each lock: not for network threads.
     */
    RemoveResult removeTag(long tag, SourcePosition position);

    /**
     * Forgets all keys, in constant time, and refuses from now on what does not cover the position. Drops even what
     * covers it: after a history was reset, covering proves nothing. UNKNOWN as in {@link #remove}.
     */
    void removeAll(SourcePosition position);

    /**
     * Forgets all keys, in constant time, as if they had never been put: it is no Remove, so nothing is refused for it,
     * and what earlier Removes demand stays demanded. What is put meanwhile is the caller's to refuse.
     */
    void clear();

    /**
     * Refuses from now on what does not cover the position, and keeps what is held: for a node that becomes a holder
     * and has no memory of Removes up to there. UNKNOWN as in {@link #remove}.
     */
    void raiseFloor(SourcePosition position);

    /**
     * Demands of nobody any more what is among these transactions, which the source never will have
     * ({@link io.sluice.coherence.Fence}). Goes through all fences: not for network threads.
     */
    void exempt(SourcePosition phantoms);

    /**
     * What is demanded whatever the key is, in some segment at least: by Removes of the whole group, by rings, and by
     * Removes of single keys that have no record of their own any more. UNKNOWN when that has no position. Locks one
     * segment after the other: not for network threads.
     */
    SourcePosition floor();

    /**
     * The admission rule without putting anything: may a caller join a flight with this stamp and load start? False
     * means: wait for the next flight of the key.
     */
    boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos);

    /**
     * Drops entries whose key's hash the predicate rejects. The predicate runs outside all locks, once for each entry
     * held when its segment is reached; what is put meanwhile is the caller's to refuse. Takes time in proportion to
     * the entries: not for network threads.
     */
    void retainIf(LongPredicate keyHash);

    /**
     * Reclaims what has expired. Nobody needs to call it to be answered rightly or for puts to find room; without it
     * the expired entries of a store that is not used stay in memory. Takes time in proportion to what it reclaims, a
     * little at a time under each lock: not for network threads.
     */
    void reclaimExpired();

    /** The eviction policy. */
    PolicyKind policy();

    /** Counts and sizes as of now. */
    StoreStats stats();
}
