package io.sluice.sync.kafka;

/**
 * This instance's standing in the cluster, which every commit rests on: while it is registered no ring becomes active
 * without its confirmation. Safe for use by many threads, and never blocks.
 */
public interface Registration {
    /** Which life is registered, or was last; grows with each. */
    long incarnation();

    /** Whether that life is sure to stand at this moment, and goes by a topology that was read after it began. */
    boolean leased();

    /** The revision of the topology by which removals are done now. */
    long revision();

    /** Has it looked up anew which nodes there are; returns at once. */
    void look();

    /** Whether it was looked up, after that moment of {@link System#nanoTime}, which nodes there are. */
    boolean hasLookedSince(long nanoTime);

    /** Whether a node has spoken of a topology that is newer than all that is known here. */
    boolean heardOfNewer();
}
