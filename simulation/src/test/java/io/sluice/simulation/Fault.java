package io.sluice.simulation;

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
    /** Only where it is favoured: several of the others in a row. */
    SYNC_IS_LEFT_BEHIND,
    /** The same, and the node that the instance does not know has the name of one that it knows. */
    SYNC_KNOWS_PREDECESSOR
}
