package io.sluice.simulation;

import io.sluice.coherence.Barrier;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import io.sluice.store.PutResult;
import io.sluice.store.RemoveResult;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreStats;
import io.sluice.store.policy.PolicyKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A store some part of whose fence is missing: what the production store holds, with a fence that is written down here
 * once more, so that a part of it can be left out. Only in runs without a protection.
 */
final class SwitchedStore implements CacheStore {
    /** What can be left out here. */
    static final Set<Protection> PARTS = EnumSet.of(
            Protection.FENCE,
            Protection.FLOOR_ON_OVERFLOW,
            Protection.FLOOR_ON_GAINED_RANGE,
            Protection.CHECK_ON_COPIES,
            Protection.JOIN_RULE,
            Protection.DROP_ON_CLOSING,
            Protection.POSITIONS_MERGED,
            Protection.GROUP_CLEAR_WITH_FLOOR);

    private final CacheStore inner;
    private final Simulation simulation;
    private final LongSupplier nanoClock;
    private final LinkedHashMap<Long, Barrier> records = new LinkedHashMap<>();
    private Barrier forgotten = Barrier.NONE;
    private Barrier removes = Barrier.NONE;
    private Barrier rings = Barrier.NONE;
    /** A copy is being kept. */
    boolean copying;
    /** A topology is being adopted. */
    boolean adopting;

    SwitchedStore(CacheStore inner, Simulation simulation, LongSupplier nanoClock) {
        this.inner = inner;
        this.simulation = simulation;
        this.nanoClock = nanoClock;
    }

    private boolean has(Protection protection) {
        return simulation.has(protection);
    }

    private boolean passes(StoreKey key, SourcePosition stamp, long startNanos, boolean inherited) {
        if (!has(Protection.FENCE) || (copying && !has(Protection.CHECK_ON_COPIES))) {
            return true;
        }
        long hold = SimNode.FENCE.hold().toNanos();
        Barrier record = records.getOrDefault(key.hash(), Barrier.NONE);
        return record.admits(stamp, startNanos, hold)
                && forgotten.admits(stamp, startNanos, hold)
                && removes.admits(stamp, startNanos, hold)
                && (inherited || rings.admits(stamp, startNanos, hold));
    }

    @Override
    public @Nullable CacheEntry get(StoreKey key) {
        return inner.get(key);
    }

    @Override
    public @Nullable CacheEntry peek(StoreKey key) {
        return inner.peek(key);
    }

    @Override
    public PutResult put(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        return passes(key, entry.stamp(), entry.loadStartNanos(), false)
                ? inner.put(key, entry, mayHold)
                : PutResult.REFUSED;
    }

    @Override
    public PutResult putInherited(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        return passes(key, entry.stamp(), entry.loadStartNanos(), true)
                ? inner.put(key, entry, mayHold)
                : PutResult.REFUSED;
    }

    @Override
    public RemoveResult remove(StoreKey key, SourcePosition position) {
        Barrier remove = Barrier.of(position, nanoClock.getAsLong());
        Barrier before = records.remove(key.hash());
        records.put(key.hash(), before == null || !has(Protection.POSITIONS_MERGED) ? remove : remove.merge(before));
        if (records.size() > SimNode.FENCE.maxRecords()) {
            Map.Entry<Long, Barrier> eldest = records.entrySet().iterator().next();
            records.remove(eldest.getKey());
            if (has(Protection.FLOOR_ON_OVERFLOW)) {
                forgotten = forgotten.merge(eldest.getValue());
            }
        }
        CacheEntry entry = inner.peek(key);
        if (entry != null && entry.stamp().covers(position)) {
            return RemoveResult.COVERED;
        }
        inner.retainIf(hash -> hash != key.hash());
        return RemoveResult.REMOVED;
    }

    @Override
    public RemoveResult removeTag(long tag, SourcePosition position) {
        throw new UnsupportedOperationException("there are no tags here");
    }

    @Override
    public void removeAll(SourcePosition position) {
        if (has(Protection.GROUP_CLEAR_WITH_FLOOR)) {
            removes = removes.merge(Barrier.of(position, nanoClock.getAsLong()));
        }
        inner.clear();
    }

    @Override
    public void clear() {
        inner.clear();
    }

    @Override
    public void raiseFloor(SourcePosition position) {
        if (has(Protection.FLOOR_ON_GAINED_RANGE)) {
            rings = rings.merge(Barrier.of(position, nanoClock.getAsLong()));
        }
    }

    @Override
    public void exempt(SourcePosition phantoms) {
        records.replaceAll((hash, record) -> record.without(phantoms));
        forgotten = forgotten.without(phantoms);
        removes = removes.without(phantoms);
        rings = rings.without(phantoms);
    }

    @Override
    public SourcePosition floor() {
        return forgotten.merge(removes).merge(rings).position();
    }

    @Override
    public boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos) {
        return !has(Protection.JOIN_RULE) || passes(key, stamp, loadStartNanos, false);
    }

    @Override
    public void retainIf(LongPredicate keyHash) {
        if (!adopting || has(Protection.DROP_ON_CLOSING)) {
            inner.retainIf(keyHash);
        }
    }

    @Override
    public void reclaimExpired() {
        inner.reclaimExpired();
    }

    @Override
    public PolicyKind policy() {
        return inner.policy();
    }

    @Override
    public StoreStats stats() {
        return inner.stats();
    }
}
