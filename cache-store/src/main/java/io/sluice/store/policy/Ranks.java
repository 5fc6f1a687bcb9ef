package io.sluice.store.policy;

/**
 * The entries that a policy ranks, by slot: a number from 0 that is an entry's own as long as it is held. The holder
 * keeps the links and the mark wherever it keeps the entry, so that ranking takes no object of its own.
 *
 * <p>Not thread-safe: everything here is guarded by whatever guards the policy. A class and not an interface, so that
 * calls of the one implementation in a process are direct.
 */
public abstract class Ranks {
    /** No slot: what ends a list. */
    public static final int NONE = -1;

    /** A mark has so many bits; higher ones are not kept. */
    public static final int MARK_BITS = 16;

    /** The slot towards the newest, or {@link #NONE}. */
    protected abstract int newer(int slot);

    /** Sets the slot towards the newest. */
    protected abstract void setNewer(int slot, int newer);

    /** The slot towards the oldest, or {@link #NONE}. */
    protected abstract int older(int slot);

    /** Sets the slot towards the oldest. */
    protected abstract void setOlder(int slot, int older);

    /** What the policy notes of the entry: its list, its uses. No other code reads it. */
    protected abstract int mark(int slot);

    /** Sets the note: 0 to 2^{@value #MARK_BITS} - 1. */
    protected abstract void setMark(int slot, int mark);

    /** What the entry takes of the capacity, greater than 0. */
    protected abstract int weight(int slot);

    /**
     * The hash of the entry's key. Two keys with one hash are taken for each other in what is remembered of the
     * departed.
     */
    protected abstract long hash(int slot);
}
