package io.sluice.sync.dispatch;

/**
 * One pending removal and what one node is told for it: the removal itself, or a coarser one where the node refused
 * that. Immutable.
 */
record Delivery(PendingRemoval pending, Removal told) {
    static Delivery of(PendingRemoval pending) {
        return new Delivery(pending, pending.removal());
    }

    /** The same with the whole group in place of what was refused. */
    Delivery coarser() {
        return new Delivery(pending, pending.removal().coarser());
    }

    /** True when this already is what {@link #coarser} makes. */
    boolean isCoarsest() {
        return told.equals(pending.removal().coarser());
    }
}
