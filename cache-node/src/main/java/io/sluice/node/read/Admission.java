package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Topology;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import io.sluice.store.PutResult;
import io.sluice.store.StoreKey;

/**
 * The one way into this node's stores, for own loads, copies and peeked values alike: past the fence, and only while
 * this node may hold the key, from before the value was asked for until after it is stored.
 *
 * <p>The fence is the store's. This is about rings that change in between, so the topology is looked at in the same
 * step in which the store keeps the entry, under one lock:
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
 * A topology that changed and changed back is another one all the same.
 *
 * <p>And it is about definitions that change in between ({@link CacheGroups} has the orderings): what was made under
 * one that the node does not go by any more is not kept. Thread-safe.
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
        return mayKeep(group, since, key)
                ? group.store().put(key, entry, () -> mayKeep(group, since, key))
                : PutResult.REFUSED;
    }

    /** The same for what a holder of a draining ring had in memory: see {@link CacheStore#putInherited}. */
    PutResult inherit(CacheGroup group, StoreKey key, CacheEntry entry, Topology since) {
        return mayKeep(group, since, key)
                ? group.store().putInherited(key, entry, () -> mayKeep(group, since, key))
                : PutResult.REFUSED;
    }

    /** Asked beforehand, since a put makes room, and under the store's lock, where it counts. Reads memory only. */
    private boolean mayKeep(CacheGroup group, Topology since, StoreKey key) {
        return group.isCurrent() && holdings.topology() == since && holdings.mayHold(since, group, key.hash());
    }
}
