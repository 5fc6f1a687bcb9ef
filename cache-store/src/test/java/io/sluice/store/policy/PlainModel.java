package io.sluice.store.policy;

import java.util.Set;

/** A cache of unit-size entries that takes in every miss, written for being obviously right and not for speed. */
interface PlainModel {
    /** Asks for a key; true on a hit. */
    boolean request(long key);

    /** What is held. */
    Set<Long> held();
}
