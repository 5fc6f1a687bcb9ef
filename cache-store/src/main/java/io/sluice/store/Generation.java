package io.sluice.store;

import io.sluice.coherence.Barrier;

/**
 * One generation of a group's entries and the floors it has. Immutable; a Remove of the group starts the next one, with
 * floors at least as high, and everything of an earlier generation is gone from that moment.
 *
 * @param removes what the group's Removes demand of everything that wants in
 * @param floor these and what the floor was raised to
 */
record Generation(long number, Barrier removes, Barrier floor) {
    static final Generation FIRST = new Generation(0, Barrier.NONE, Barrier.NONE);

    Generation next(Barrier remove) {
        return new Generation(number + 1, removes.merge(remove), floor.merge(remove));
    }

    /** The same entries under a higher floor. */
    Generation raised(Barrier demanded) {
        return new Generation(number, removes, floor.merge(demanded));
    }
}
