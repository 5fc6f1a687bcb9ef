package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.Copy;
import io.sluice.store.CacheEntry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Entries as they travel between nodes. No clock crosses a machine: what travels is how old an entry is and how long it
 * has left. Stateless.
 */
public final class CopyMessages {
    private CopyMessages() {}

    /** The entry as a message, its value not copied; null when it has no time left. */
    public static @Nullable Copy of(
            CacheGroup group, String key, CacheEntry entry, SourcePosition stamp, long nowNanos) {
        long ttlMillis = TimeUnit.NANOSECONDS.toMillis(entry.ttlNanos(nowNanos));
        if (ttlMillis == 0) {
            return null;
        }
        return Copy.newBuilder()
                .setGroup(group.name())
                .setDefinition(group.definition())
                .setKey(key)
                .setFound(entry.found())
                .setValue(Answers.value(entry))
                .setStamp(Answers.position(stamp))
                .setAgeMillis(TimeUnit.NANOSECONDS.toMillis(entry.ageNanos(nowNanos)))
                .setTtlMillis(ttlMillis)
                .setAgeUnsure(!entry.ageIsSure())
                .build();
    }

    /**
     * The message as an entry of this node, where nobody had asked for it: how long it travelled is not known, so its
     * age is not sure.
     *
     * @param receivedNanos when it came
     */
    public static CacheEntry unasked(Copy copy, CacheGroup group, SourcePosition stamp, long receivedNanos) {
        return entry(copy, group, stamp, receivedNanos).withUnsureAge();
    }

    /**
     * The message as an entry of this node. Its time to live is what it had left, and never more than the group gives a
     * fresh one.
     *
     * @param asOfNanos when the copy was asked for. The earlier, the shorter it lives and the older it counts
     */
    static CacheEntry entry(Copy copy, CacheGroup group, SourcePosition stamp, long asOfNanos) {
        // Rounded up: the sender cut the fraction off.
        long ageNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(0, copy.getAgeMillis()) + 1);
        long loadStartNanos = asOfNanos - ageNanos;
        long longest = group.timeToLive().expiresAtNanos(copy.getFound(), 0);
        long ttlNanos = Math.min(TimeUnit.MILLISECONDS.toNanos(Math.max(0, copy.getTtlMillis())), longest);
        long expiresAtNanos = asOfNanos + ttlNanos;
        CacheEntry entry = copy.getFound()
                ? CacheEntry.found(copy.getValue().toByteArray(), stamp, loadStartNanos, expiresAtNanos)
                : CacheEntry.missing(stamp, loadStartNanos, expiresAtNanos);
        return copy.getAgeUnsure() ? entry.withUnsureAge() : entry;
    }
}
