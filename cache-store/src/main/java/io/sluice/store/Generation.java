package io.sluice.store;

import io.sluice.coherence.Barrier;
import io.sluice.coherence.SourcePosition;

/**
 * One generation of a group's entries and the floors that the group's Removes and rings have raised. Immutable; a
 * Remove of the group starts the next one, with floors at least as high, and everything of an earlier generation is
 * gone from that moment.
 *
 * @param removes what the Removes of the group demand
 * @param floor what they and the rings demand: never less
 */
record Generation(long number, Barrier removes, Barrier floor) {
    static final Generation FIRST = new Generation(0, Barrier.NONE, Barrier.NONE);

    Generation next(Barrier remove) {
        return new Generation(number + 1, removes.merge(remove), floor.merge(remove));
    }

    /** The same entries under a higher floor. */
    Generation raised(Barrier ringFloor) {
        return new Generation(number, removes, floor.merge(ringFloor));
    }

    /** The same entries under floors that do not demand what the source never will have. */
    Generation without(SourcePosition phantoms) {
        return new Generation(number, removes.without(phantoms), floor.without(phantoms));
    }
}
