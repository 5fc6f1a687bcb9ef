package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;

/** What this node may keep, and answer from memory. Thread-safe; never blocks. */
public interface Holdings {
    /** The topology this node goes by. What it demands of the stores' floors is in them already. */
    Topology topology();

    /**
     * Whether this node may keep an entry of the group for a key with this hash, and answer with it: by that topology
     * every Remove of the key reaches it, and either the others are sure to count on it, or it knows itself how stale
     * its entries can be.
     */
    boolean mayHold(Topology topology, CacheGroup group, long hash);

    /** Whether the member is this node in its present life. */
    boolean isSelf(Member member);

    /**
     * Whether the others are sure to count on this node: false means that Removes may not reach it, whatever the
     * topology says.
     */
    boolean isLeased();
}
