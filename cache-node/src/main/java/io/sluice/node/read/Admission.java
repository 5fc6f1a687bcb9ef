package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import io.sluice.store.StoreKey;
import java.util.function.BiFunction;

/**
 * The one way into this node's stores, for own loads, copies and peeked values alike: past the fence, and only while
 * this node may hold the key, from before the value was asked for until after it is stored.
 *
 * <p>The fence is the store's. This is about rings that change in between, so the topology is looked at on both sides:
 *
 * <pre>
 * 1: reads the old row, for a key that another node holds
 *    MySQL: the row changes; Remove: done on the holder of then
 *    the ring changes; this node holds the key
 * 1: stores the old row, and no fence here has heard of the Remove
 *
 * 1: may hold the key, and is about to store
 *    the ring closes; what is not held any more is dropped, and that is confirmed
 * 1: stores an entry that no Remove will reach; the key comes back later, and so does the old value
 * </pre>
 *
 * A topology that changed and changed back is another one all the same. Thread-safe.
 */
public final class Admission {
    private final Holdings holdings;

    public Admission(Holdings holdings) {
        this.holdings = requireNonNull(holdings, "holdings is null");
    }

    /**
     * Offers an entry. Whatever comes of it, the value is a legal answer to who asked for it.
     *
     * @param since the topology this node went by before it asked for the value
     */
    public PutResult keep(CacheGroup group, StoreKey key, CacheEntry entry, Topology since) {
        return keep(group, key, entry, since, group.store()::put);
    }

    /**
     * The same for an entry that a holder of a draining ring, in the life that the ring names, had in memory after this
     * node had gone by {@code since}. It need not cover the floors of rings: they stand for Removes that were done
     * without this node, and so not before that holder had them.
     *
     * <pre>
     * MySQL: the row changes, at P; Remove: done, so the holder of the draining ring has nothing older
     *        the ring of this node becomes active, with H, which covers P
     * 1: peeks that holder. What it has reflects P, whatever its stamp says
     *
     * MySQL: the row changes, at P
     *        the ring of this node becomes active, with H, which covers P
     * 1: peeks, and keeps the old value
     *        Remove: not done before this node has had it too; the stamp does not cover P, and the entry goes
     * </pre>
     */
    PutResult takeOver(CacheGroup group, StoreKey key, CacheEntry entry, Topology since) {
        return keep(group, key, entry, since, group.store()::putHandedOver);
    }

    private PutResult keep(
            CacheGroup group,
            StoreKey key,
            CacheEntry entry,
            Topology since,
            BiFunction<StoreKey, CacheEntry, PutResult> put) {
        if (!stands(since, key)) {
            return PutResult.REFUSED;
        }
        PutResult result = put.apply(key, entry);
        if (result == PutResult.STORED && !stands(since, key)) {
            group.store().remove(key, SourcePosition.UNKNOWN);
            return PutResult.REFUSED;
        }
        return result;
    }

    private boolean stands(Topology since, StoreKey key) {
        return holdings.topology() == since && holdings.mayHold(since, key.hash());
    }
}
