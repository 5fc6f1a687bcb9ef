package io.sluice.store;

import io.sluice.coherence.SourcePosition;

/**
 * Entries to the arrays that hold them and back, by the ticks of one store. Immutable and thread-safe.
 *
 * @param ticks how times are kept
 */
record EntryCodec(Ticks ticks) {
    /** How far from now the load and the expiry of an entry can be, so that its times can be told by their ticks. */
    static final long REACH = Ticks.REACH / 2;

    /** The array for an entry of the key; it expires after {@link #REACH} at the latest. */
    byte[] encode(StoreKey key, CacheEntry entry, long nowNanos) {
        long expires = nowNanos + Math.min(entry.expiresAtNanos() - nowNanos, REACH);
        long loadStart = nowNanos - Math.max(0, nowNanos - entry.loadStartNanos());
        return EntryBytes.of(key.utf8(), entry, (int) ticks.of(expires), (int) ticks.of(loadStart));
    }

    /** The entry in an array: a view, nothing is copied. */
    CacheEntry view(byte[] bytes, SourcePosition stamp, long nowNanos) {
        int offset = EntryBytes.HEADER + EntryBytes.keyLength(bytes);
        return new CacheEntry(
                EntryBytes.found(bytes),
                bytes,
                offset,
                bytes.length - offset,
                stamp,
                ticks.nanos(EntryBytes.loadStart(bytes), nowNanos),
                ticks.nanos(EntryBytes.expires(bytes), nowNanos),
                EntryBytes.ageIsSure(bytes));
    }

    /** Whether an entry can be kept no more, at a time when it is held or offered. */
    boolean isExpired(byte[] bytes, long nowNanos) {
        return (int) ticks.of(nowNanos) - EntryBytes.expires(bytes) >= 0;
    }

    /**
     * True when what is held is provably the later view of the source: its stamp covers more or, neither having one,
     * its load began later. Keeps a delayed copy from taking the place of a newer value before the change's Remove has
     * come.
     */
    boolean isFresher(byte[] held, SourcePosition stamp, CacheEntry offered) {
        if (stamp.isUnknown() && offered.stamp().isUnknown()) {
            return EntryBytes.loadStart(held) - (int) ticks.of(offered.loadStartNanos()) > 0;
        }
        return stamp.covers(offered.stamp()) && !offered.stamp().covers(stamp);
    }
}
