package io.sluice.store;

import io.sluice.coherence.Barrier;

/**
 * One generation of a group's entries and the floor that the group's Removes have raised. Immutable; a Remove of the
 * group starts the next one, with a floor at least as high, and everything of an earlier generation is gone from that
 * moment.
 */
record Generation(long number, Barrier floor) {
    static final Generation FIRST = new Generation(0, Barrier.NONE);

    Generation next(Barrier remove) {
        return new Generation(number + 1, floor.merge(remove));
    }

    /** The same entries under a higher floor. */
    Generation raised(Barrier removes) {
        return new Generation(number, floor.merge(removes));
    }
}
