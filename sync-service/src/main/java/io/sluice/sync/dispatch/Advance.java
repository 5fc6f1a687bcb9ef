package io.sluice.sync.dispatch;

import java.util.List;

/**
 * What a parcel needs next. Immutable.
 *
 * @param next the state it is in
 * @param send what has to be sent now; only while in flight
 */
record Advance(Next next, List<Delivery> send) {
    static final Advance NOTHING = new Advance(Next.IN_FLIGHT, List.of());
    static final Advance DONE = new Advance(Next.DONE, List.of());
    static final Advance WAIT_FOR_TOPOLOGY = new Advance(Next.WAIT_FOR_TOPOLOGY, List.of());

    /** The states of a parcel, as seen by the dispatcher. */
    enum Next {
        /** Some member has yet to acknowledge, or nothing is left to do. */
        IN_FLIGHT,
        /** Nobody can be asked until a newer topology comes. */
        WAIT_FOR_TOPOLOGY,
        /** Every holder has acknowledged; said once. */
        DONE
    }
}
