package io.sluice.store;

import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The plain model of a store with one segment: a map in order of use and a list of all Removes ever, none forgotten.
 * Like the store it looks at a whole unit of time, 128 ticks, when that is over, and lets go of what expired in it.
 */
final class StoreModel implements CacheStore {
    /**
     * @param key null for all keys
     * @param tag of all keys that carry it; null for others
     * @param ofRing the floor of a ring, which is no Remove but counts like one, except for what is inherited
     * @param untimed whether it once had a position, of which phantoms may be all there was
     */
    private record Removed(
            @Nullable StoreKey key,
            @Nullable Long tag,
            SourcePosition position,
            long at,
            boolean ofRing,
            boolean untimed) {
        Removed(@Nullable StoreKey key, @Nullable Long tag, SourcePosition position, long at, boolean ofRing) {
            this(key, tag, position, at, ofRing, false);
        }

        boolean concerns(StoreKey other) {
            return tag == null ? key == null || key.equals(other) : carries(other, tag);
        }

        boolean admits(SourcePosition stamp, long begun, long holdNanos) {
            boolean nothingLeft = untimed && position.isUnknown() && !stamp.isUnknown();
            boolean byTime = position.isUnknown() || stamp.isUnknown();
            return nothingLeft || (byTime ? begun - at > holdNanos : stamp.covers(position));
        }
    }

    private static final long UNIT = 128 * Entries.TICK;

    private final long capacityBytes;
    private final long holdNanos;
    private final List<Removed> removes = new ArrayList<>();
    private final Map<StoreKey, CacheEntry> entries = new LinkedHashMap<>();
    private long now;

    StoreModel(long capacityBytes, long holdNanos) {
        this.capacityBytes = capacityBytes;
        this.holdNanos = holdNanos;
    }

    void setNow(long clock) {
        now = Math.max(now, clock);
        reclaimExpired();
    }

    @Override
    public @Nullable CacheEntry get(StoreKey key) {
        CacheEntry entry = live(key);
        if (entry != null) {
            entries.remove(key);
            entries.put(key, entry);
        }
        return entry;
    }

    @Override
    public @Nullable CacheEntry peek(StoreKey key) {
        return live(key);
    }

    @Override
    public PolicyKind policy() {
        return PolicyKind.LRU;
    }

    private @Nullable CacheEntry live(StoreKey key) {
        CacheEntry entry = entries.get(key);
        if (entry != null && entry.isExpired(now)) {
            entries.remove(key);
            return null;
        }
        return entry;
    }

    @Override
    public PutResult put(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        return mayHold.getAsBoolean() ? put(key, entry, false) : PutResult.REFUSED;
    }

    @Override
    public PutResult putInherited(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        return mayHold.getAsBoolean() ? put(key, entry, true) : PutResult.REFUSED;
    }

    private PutResult put(StoreKey key, CacheEntry entry, boolean inherited) {
        if (entry.isExpired(now) || !admits(key, entry.stamp(), entry.loadStartNanos(), inherited)) {
            return PutResult.REFUSED;
        }
        CacheEntry held = live(key);
        if (held != null && isFresher(held, entry)) {
            return PutResult.SUPERSEDED;
        }
        entries.remove(key);
        if (size(key, entry) > capacityBytes) {
            return PutResult.TOO_LARGE;
        }
        entries.put(key, entry);
        Iterator<StoreKey> eldest = entries.keySet().iterator();
        while (bytes() > capacityBytes) {
            eldest.next();
            eldest.remove();
        }
        return PutResult.STORED;
    }

    private static boolean isFresher(CacheEntry held, CacheEntry offered) {
        if (held.stamp().isUnknown() && offered.stamp().isUnknown()) {
            return held.loadStartNanos() > offered.loadStartNanos();
        }
        return held.stamp().covers(offered.stamp()) && !held.stamp().equals(offered.stamp());
    }

    @Override
    public RemoveResult remove(StoreKey key, SourcePosition position) {
        removes.add(new Removed(key, null, position, now, false));
        CacheEntry held = live(key);
        if (held != null && held.stamp().covers(position)) {
            return RemoveResult.COVERED;
        }
        entries.remove(key);
        return RemoveResult.REMOVED;
    }

    @Override
    public RemoveResult removeTag(long tag, SourcePosition position) {
        removes.add(new Removed(null, tag, position, now, false));
        List<StoreKey> carriers = List.copyOf(entries.keySet()).stream()
                .filter(key -> carries(key, tag) && live(key) != null)
                .toList();
        boolean anyLeft = false;
        for (StoreKey key : carriers) {
            CacheEntry held = entries.get(key);
            if (held != null && held.stamp().covers(position)) {
                anyLeft = true;
            } else {
                entries.remove(key);
            }
        }
        return anyLeft ? RemoveResult.COVERED : RemoveResult.REMOVED;
    }

    private static boolean carries(StoreKey key, long tag) {
        long[] tags = Entries.TAGS.of(key.utf8());
        return tags != null && Arrays.stream(tags).anyMatch(own -> own == tag);
    }

    @Override
    public void removeAll(SourcePosition position) {
        removes.add(new Removed(null, null, position, now, false));
        entries.clear();
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public void raiseFloor(SourcePosition position) {
        removes.add(new Removed(null, null, position, now, true));
    }

    @Override
    public void exempt(SourcePosition phantoms) {
        removes.replaceAll(removed -> new Removed(
                removed.key(),
                removed.tag(),
                removed.position().minus(phantoms),
                removed.at(),
                removed.ofRing(),
                removed.untimed() || !removed.position().isUnknown()));
    }

    @Override
    public SourcePosition floor() {
        throw new UnsupportedOperationException("the model forgets no Remove");
    }

    @Override
    public void reclaimExpired() {
        entries.values().removeIf(entry -> entry.expiresAtNanos() / UNIT < now / UNIT);
    }

    @Override
    public boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos) {
        return admits(key, stamp, loadStartNanos, false);
    }

    private boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos, boolean inherited) {
        long begun = Math.min(loadStartNanos, now);
        for (Removed remove : removes) {
            boolean concerns = remove.concerns(key) && !(inherited && remove.ofRing);
            if (concerns && !remove.admits(stamp, begun, holdNanos)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void retainIf(LongPredicate keyHash) {
        entries.keySet().removeIf(key -> !keyHash.test(key.hash()));
    }

    @Override
    public StoreStats stats() {
        return new StoreStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, entries.size(), bytes(), capacityBytes);
    }

    private long bytes() {
        return entries.entrySet().stream()
                .mapToLong(held -> size(held.getKey(), held.getValue()))
                .sum();
    }

    private static long size(StoreKey key, CacheEntry entry) {
        return SegmentedStore.entryOverheadBytes(PolicyKind.LRU, Entries.TAGS)
                + (long) key.utf8().length
                + entry.length();
    }
}
