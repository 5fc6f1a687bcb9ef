package io.sluice.simulation;

import java.util.EnumSet;
import java.util.List;

/** What can happen to the parties. */
enum Fault {
    NODE_STARTS,
    NODE_IS_KILLED,
    NODE_IS_REPLACED,
    NODE_LEAVES,
    SYNC_RESTARTS,
    REBALANCE,
    CUT_FROM_ETCD,
    CUT_SYNC_FROM_ETCD,
    CUT_FROM_PEERS,
    FREEZE,
    SUSPEND,
    ETCD_DOWN,
    WATCHES_BREAK,
    WATCHES_GO_DEAF,
    KEY_IS_STRUCK,
    REPLICA_LAGS,
    RETENTION,
    FAILOVER,
    FAILOVER_IN_SILENCE,
    // Not by chance, only where they are favoured.
    RETURNS_UNSEEN,
    STARTS_UNHEARD,
    PASSES_THROUGH,
    SYNC_IS_LEFT_BEHIND,
    SYNC_KNOWS_PREDECESSOR;

    /** Those that happen by chance. */
    static final List<Fault> BY_CHANCE = List.copyOf(EnumSet.range(NODE_STARTS, FAILOVER_IN_SILENCE));
}
