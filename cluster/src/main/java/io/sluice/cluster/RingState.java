package io.sluice.cluster;

/** Where a ring stands on its way through the topology document; it goes through the states in this order. */
public enum RingState {
    /** The sync service sends Removes to its holders as well; nobody routes by it and nobody holds under it. */
    ANNOUNCED,
    /** The one ring by which everybody routes; its holders may hold. */
    ACTIVE,
    /** The active ring before: not routed by; its holders may hold on, get Removes and answer peeks. */
    DRAINING,
    /** Nobody may hold under it any more; its holders get Removes until all of them have confirmed that they do not. */
    CLOSING
}
