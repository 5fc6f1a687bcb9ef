package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.PastMaxStaleness;
import io.sluice.mapping.Staleness;
import io.sluice.node.load.LoadStamp;
import io.sluice.node.load.Loaded;
import io.sluice.store.CacheEntry;

/**
 * How fresh the answers of a group are, and how fresh they have to be. Thread-safe; costs a hit a few reads of memory
 * and of the clocks.
 */
public final class Freshness {
    private final StalenessBound bound;
    private final Staleness staleness;
    private final long maxNanos;

    public Freshness(StalenessBound bound, Staleness staleness) {
        this.bound = requireNonNull(bound, "bound is null");
        this.staleness = requireNonNull(staleness, "staleness is null");
        this.maxNanos = staleness.max().toNanos();
    }

    /** Of a group without a file: by the age of its entries alone. */
    static Freshness byAge() {
        return new Freshness(new StalenessBound(true), Staleness.DEFAULT);
    }

    /** What is known of the source; to be asked before an entry is read. */
    public StalenessBound.Known known() {
        return bound.now();
    }

    /** The bound of an entry that was read after {@code before}; {@code nanos} is the time now. */
    long ofEntry(StalenessBound.Known before, CacheEntry entry, Clocks clock, long nanos) {
        long wallMillis = clock.wallMillis();
        return entry.ageIsSure()
                ? bound.ofEntry(
                        before, entry.loadStartNanos(), clock.steadySinceNanos(nanos, wallMillis), nanos, wallMillis)
                : bound.ofCopy(before, nanos, wallMillis);
    }

    /**
     * The bound of a value that a load has brought, or would bring if it ended now.
     *
     * @param stamp that it goes by
     */
    long ofLoad(LoadStamp stamp, long loadStartNanos, Clocks clock) {
        long nanos = clock.nanos();
        long wallMillis = clock.wallMillis();
        if (stamp.astray()) {
            return bound.ofReplicaLoad(stamp.position(), nanos, wallMillis);
        }
        long steadySinceNanos = clock.steadySinceNanos(nanos, wallMillis);
        return bound.ofLoad(stamp.position(), loadStartNanos, steadySinceNanos, nanos, wallMillis);
    }

    /** The same of what a load has brought. */
    long ofLoad(Loaded loaded, Clocks clock) {
        return ofLoad(loaded.goneBy(), loaded.startNanos(), clock);
    }

    /** Whether all that this node holds of the source is known to be no staler than that. */
    public boolean isWithin(long nanos, Clocks clock) {
        return bound.now().nanos(clock.nanos(), clock.wallMillis()) <= nanos;
    }

    /**
     * Whether an entry that was read after {@code before} is past the group's {@code max-staleness}. A copy that came
     * unasked while nothing is known of the source is not: it is as good as none.
     */
    boolean isKnownPast(StalenessBound.Known before, CacheEntry entry, Clocks clock) {
        return (entry.ageIsSure() || before.asOf() != null) && isPast(ofEntry(before, entry, clock, clock.nanos()));
    }

    /** Whether an answer of this bound is past the group's {@code max-staleness}. */
    public boolean isPast(long boundNanos) {
        return boundNanos > maxNanos;
    }

    /**
     * For how long an answer of this bound may be given on elsewhere, while its bound grows and what it says of it
     * stays as it is: until it passes {@code max-staleness}. One that is past it, and given all the same, says so for
     * ever.
     */
    long usableNanos(long boundNanos) {
        if (isPast(boundNanos)) {
            return staleness.past() == PastMaxStaleness.SERVE ? Long.MAX_VALUE : 0;
        }
        return maxNanos - boundNanos;
    }

    /** What becomes of such an answer. */
    public PastMaxStaleness past() {
        return staleness.past();
    }

    Staleness staleness() {
        return staleness;
    }

    StalenessBound bound() {
        return bound;
    }

    /** Whether an answer from memory may be given. */
    public boolean gives(long boundNanos) {
        return !isPast(boundNanos) || staleness.past() == PastMaxStaleness.SERVE;
    }

    /**
     * Whether what a load brings is kept: while the source's bound is past, reads of a group that bypasses are to see
     * the source each, not one another's values.
     */
    boolean keeps(Loaded loaded, Clocks clock) {
        if (staleness.past() != PastMaxStaleness.BYPASS) {
            return true;
        }
        StalenessBound.Known known = bound.now();
        boolean sourceIsPast = known.asOf() != null && isPast(known.nanos(clock.nanos(), clock.wallMillis()));
        return !sourceIsPast && !isPast(ofLoad(loaded, clock));
    }
}
