package io.sluice.coherence;

import java.util.concurrent.TimeUnit;

/**
 * A moment by both clocks of one process: the monotonic one, which stands still while the machine is suspended, and the
 * wall clock, which is set. How long ago a moment was is what the clock says that says more; so neither a suspension
 * nor a clock that is set back makes anything look younger than the other clock knows it to be.
 *
 * <p>Immutable. Nanoseconds are compared by difference.
 *
 * @param nanos of the monotonic clock
 * @param wallMillis of the wall clock
 */
public record Moment(long nanos, long wallMillis) {
    /** How long ago it was, by the clock that says more; never negative. */
    public long agoNanos(long nowNanos, long nowWallMillis) {
        long byWall = TimeUnit.MILLISECONDS.toNanos(nowWallMillis - wallMillis);
        return Math.max(0, Math.max(nowNanos - nanos, byWall));
    }

    /** As {@link #agoNanos(long, long)}. */
    public long agoNanos(Moment now) {
        return agoNanos(now.nanos, now.wallMillis);
    }

    /** By each clock the earlier one: neither of the two is longer ago, by either clock. */
    public Moment orEarlier(Moment other) {
        return new Moment(isAfter(other) ? other.nanos : nanos, Math.min(wallMillis, other.wallMillis));
    }

    /** Later by the monotonic clock. */
    public boolean isAfter(Moment other) {
        return nanos - other.nanos > 0;
    }
}
