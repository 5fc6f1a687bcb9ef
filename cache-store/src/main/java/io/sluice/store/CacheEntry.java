package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;

/**
 * What a load found, or that it found nothing (a negative entry), with what coherence needs to know about it. Times are
 * nanoseconds of the clock the store was given; they are compared by difference, so any origin will do.
 *
 * <p>Immutable as long as nobody changes the value's array, which is not copied. Safe for use by many threads.
 */
public final class CacheEntry {
    private static final byte[] NOTHING = {};

    private final boolean found;
    private final byte[] value;
    private final SourcePosition stamp;
    private final long loadStartNanos;
    private final long expiresAtNanos;

    private CacheEntry(boolean found, byte[] value, SourcePosition stamp, long loadStartNanos, long expiresAtNanos) {
        this.found = found;
        this.value = requireNonNull(value, "value is null");
        this.stamp = requireNonNull(stamp, "stamp is null");
        this.loadStartNanos = loadStartNanos;
        this.expiresAtNanos = expiresAtNanos;
    }

    /**
     * An entry with a value.
     *
     * @param stamp the position read before the load began, or UNKNOWN
     * @param loadStartNanos a time at which the load had certainly not begun yet: for an own load the time just before
     *     it, for a copy asked for the time of asking minus the age it came with
     */
    public static CacheEntry found(byte[] value, SourcePosition stamp, long loadStartNanos, long expiresAtNanos) {
        return new CacheEntry(true, value, stamp, loadStartNanos, expiresAtNanos);
    }

    /** A negative entry: the source has no such row. Parameters as in {@link #found}. */
    public static CacheEntry missing(SourcePosition stamp, long loadStartNanos, long expiresAtNanos) {
        return new CacheEntry(false, NOTHING, stamp, loadStartNanos, expiresAtNanos);
    }

    /** False for a negative entry. */
    public boolean found() {
        return found;
    }

    /** The value's bytes, not a copy; empty for a negative entry. */
    public byte[] value() {
        return value;
    }

    /** The position the value is known to reflect; UNKNOWN when the source has none. */
    public SourcePosition stamp() {
        return stamp;
    }

    /** When the load began, or earlier. */
    public long loadStartNanos() {
        return loadStartNanos;
    }

    /** From when on the store does not answer with this entry. */
    public long expiresAtNanos() {
        return expiresAtNanos;
    }

    /** True at and after {@link #expiresAtNanos}. */
    public boolean isExpired(long nowNanos) {
        return nowNanos - expiresAtNanos >= 0;
    }

    /** Time since the load began, at least 0. */
    public long ageNanos(long nowNanos) {
        return Math.max(0, nowNanos - loadStartNanos);
    }

    /** Time left until expiry, at least 0. */
    public long ttlNanos(long nowNanos) {
        return Math.max(0, expiresAtNanos - nowNanos);
    }

    /**
     * True when this is provably the later view of the source: its stamp covers more or, neither having one, its load
     * began later. Keeps a delayed copy from taking the place of a newer value before the change's Remove has come.
     */
    boolean isFresherThan(CacheEntry other) {
        if (stamp.isUnknown() && other.stamp.isUnknown()) {
            return loadStartNanos - other.loadStartNanos > 0;
        }
        return stamp.covers(other.stamp) && !other.stamp.covers(stamp);
    }
}
