package io.sluice.mapping;

/** How values of a source are kept coherent with it. */
public enum Coherence {
    /** Loads and Removes are ordered by GTID sets. */
    GTID,
    /** Removes are ordered by arrival, with a hold. */
    ARRIVAL,
    /** Time to live only. */
    NONE
}
