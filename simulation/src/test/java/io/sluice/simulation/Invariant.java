package io.sluice.simulation;

import java.util.function.Supplier;

/** Something that must hold in a simulated run; a violation is an AssertionError of its name. */
interface Invariant {
    /** A read was answered. */
    default void answered(Judgement judgement) {}

    /** Offsets from one up to another are committed. */
    default void committed(int partition, long from, long to) {}

    /** After every step. */
    default void stepped() {}

    default void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(getClass().getSimpleName() + " is broken: " + otherwise.get());
        }
    }
}
