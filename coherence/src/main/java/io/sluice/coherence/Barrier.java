package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

/**
 * What a number of Removes together demand of a value that wants in: the union of their positions, and when the latest
 * of them arrived. The record of a key, the floor of a segment and the floor of a group are all barriers.
 *
 * <p>Immutable and safe for use by many threads. Invariant: a barrier only rises. What {@code a.merge(b)} admits, both
 * {@code a} and {@code b} admit, so merging the forgotten into a floor can refuse too much, never too little.
 *
 * <p>Times are nanoseconds of the node's clock, compared by difference.
 */
public final class Barrier {
    /** Admits everything. */
    public static final Barrier NONE = new Barrier(SourcePosition.UNKNOWN, Arrival.NEVER, Arrival.NEVER);

    private final SourcePosition position;
    private final Arrival latest;
    private final Arrival latestWithoutPosition;

    private Barrier(SourcePosition position, Arrival latest, Arrival latestWithoutPosition) {
        this.position = position;
        this.latest = latest;
        this.latestWithoutPosition = latestWithoutPosition;
    }

    /** The barrier of one Remove; its position may be UNKNOWN. */
    public static Barrier of(SourcePosition position, long arrivedNanos) {
        Arrival arrival = new Arrival(true, arrivedNanos);
        return new Barrier(
                requireNonNull(position, "position is null"), arrival, position.isUnknown() ? arrival : Arrival.NEVER);
    }

    /** The barrier of all Removes of both. */
    public Barrier merge(Barrier other) {
        return new Barrier(
                position.union(other.position),
                latest.later(other.latest),
                latestWithoutPosition.later(other.latestWithoutPosition));
    }

    /**
     * May a value in? Each Remove is judged by its position where both it and the stamp have one: the stamp must cover
     * it. Otherwise it is judged by time: the load must have begun more than {@code holdNanos} after the Remove
     * arrived.
     */
    public boolean admits(SourcePosition stamp, long loadStartNanos, long holdNanos) {
        if (stamp.isUnknown()) {
            return latest.isBefore(loadStartNanos, holdNanos);
        }
        return (position.isUnknown() || stamp.covers(position))
                && latestWithoutPosition.isBefore(loadStartNanos, holdNanos);
    }

    /**
     * The same without what the source never will have. Nothing else is given up: when nothing is left of the position,
     * no transaction of the source asked for a Remove.
     */
    public Barrier without(SourcePosition phantoms) {
        SourcePosition left = position.minus(phantoms);
        return left.equals(position) ? this : new Barrier(left, latest, latestWithoutPosition);
    }

    /** The union of the positions of all Removes that had one; UNKNOWN when none had. */
    public SourcePosition position() {
        return position;
    }

    /** Time since the latest Remove; negative when the clock went backwards, meaningless for {@link #NONE}. */
    long ageNanos(long nowNanos) {
        return nowNanos - latest.nanos;
    }

    /** When a Remove arrived, if one did. A flag, since every value of a nanosecond clock is a valid time. */
    private record Arrival(boolean happened, long nanos) {
        static final Arrival NEVER = new Arrival(false, 0);

        boolean isBefore(long loadStartNanos, long holdNanos) {
            return !happened || loadStartNanos - nanos > holdNanos;
        }

        Arrival later(Arrival other) {
            if (!happened || !other.happened) {
                return happened ? this : other;
            }
            return other.nanos - nanos > 0 ? other : this;
        }
    }
}
