package io.sluice.cluster;

import java.util.function.Supplier;

/**
 * A safety invariant: something that must hold at every moment of a simulated run; a violation is an AssertionError of
 * its name.
 */
interface SimInvariant {
    /** A document was written. */
    default void wrote(TopologyDocument document) {}

    /** A node keeps a value from now on. */
    default void stored(SimNode node, int key) {}

    /** A node answers from memory with a value loaded at a position. */
    default void answeredFromMemory(SimNode node, int key, long stamp) {}

    /** A read has reached a node, forwarded so often. */
    default void read(SimNode node, int key, int hops) {}

    default void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(getClass().getSimpleName() + " is broken: " + otherwise.get());
        }
    }
}
