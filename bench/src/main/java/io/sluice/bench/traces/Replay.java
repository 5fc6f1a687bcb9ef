package io.sluice.bench.traces;

/** Counts the hits of a cache that begins empty, holds entries of unit size and takes in every miss. Thread-safe. */
public sealed interface Replay permits PolicyReplay, StoreReplay, OptReplay, CaffeineReplay {
    /** The name on the command line and in the results. */
    String name();

    /** The hits of the whole trace with room for {@code size} entries. */
    long hits(Trace trace, int size);
}
