package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import java.util.Arrays;

/**
 * What a load found, or that it found nothing (a negative entry), with what coherence needs to know about it. Times are
 * nanoseconds of the clock the store was given; they are compared by difference, so any origin will do.
 *
 * <p>The value is a part of an array that is not copied: {@code array()[offset() .. offset() + length())}. An entry
 * that a store hands out is a view of the store's own memory and stays as it is when the store has let go of it.
 *
 * <p>Immutable as long as nobody changes the array. Safe for use by many threads.
 */
public final class CacheEntry {
    private static final byte[] NOTHING = {};

    private final boolean found;
    private final byte[] array;
    private final int offset;
    private final int length;
    private final SourcePosition stamp;
    private final long loadStartNanos;
    private final long expiresAtNanos;
    private final boolean ageIsSure;

    CacheEntry(
            boolean found,
            byte[] array,
            int offset,
            int length,
            SourcePosition stamp,
            long loadStartNanos,
            long expiresAtNanos,
            boolean ageIsSure) {
        this.found = found;
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.stamp = stamp;
        this.loadStartNanos = loadStartNanos;
        this.expiresAtNanos = expiresAtNanos;
        this.ageIsSure = ageIsSure;
    }

    /**
     * An entry with a value.
     *
     * @param stamp the position read before the load began, or UNKNOWN
     * @param loadStartNanos a time at which the load had certainly not begun yet: for an own load the time just before
     *     it, for a copy asked for the time of asking minus the age it came with
     */
    public static CacheEntry found(byte[] value, SourcePosition stamp, long loadStartNanos, long expiresAtNanos) {
        return new CacheEntry(
                true,
                requireNonNull(value, "value is null"),
                0,
                value.length,
                requireNonNull(stamp, "stamp is null"),
                loadStartNanos,
                expiresAtNanos,
                true);
    }

    /** A negative entry: the source has no such row. Parameters as in {@link #found}. */
    public static CacheEntry missing(SourcePosition stamp, long loadStartNanos, long expiresAtNanos) {
        return new CacheEntry(
                false, NOTHING, 0, 0, requireNonNull(stamp, "stamp is null"), loadStartNanos, expiresAtNanos, true);
    }

    /**
     * The same entry, marked as one that came without having been asked for: nobody knows how long it travelled, so its
     * load may have begun before {@link #loadStartNanos}.
     */
    public CacheEntry withUnsureAge() {
        return new CacheEntry(found, array, offset, length, stamp, loadStartNanos, expiresAtNanos, false);
    }

    /** False for a negative entry. */
    public boolean found() {
        return found;
    }

    /** The array that holds the value among other things; not a copy. */
    public byte[] array() {
        return array;
    }

    /** Where in {@link #array} the value begins. */
    public int offset() {
        return offset;
    }

    /** How many bytes the value has; 0 for a negative entry. */
    public int length() {
        return length;
    }

    /** A copy of the value's bytes; empty for a negative entry. */
    public byte[] value() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The position the value is known to reflect; UNKNOWN when the source has none. */
    public SourcePosition stamp() {
        return stamp;
    }

    /**
     * When the load began, or earlier; of an entry whose age is not sure, what is shown for it. A store keeps it to
     * about a millisecond, rounded down.
     */
    public long loadStartNanos() {
        return loadStartNanos;
    }

    /**
     * Whether the load certainly had not begun at {@link #loadStartNanos}: only then the time since bounds how stale
     * the value is, and only then Removes without a position can be held against it as it is ({@link SegmentFence}).
     */
    public boolean ageIsSure() {
        return ageIsSure;
    }

    /**
     * From when on the store does not answer with this entry. A store keeps it to about a millisecond, rounded down.
     */
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

    /** Never the value, which must not end up in a log. */
    @Override
    public String toString() {
        return (found ? "entry of " + length + " bytes" : "negative entry") + " at [" + stamp + "]";
    }
}
