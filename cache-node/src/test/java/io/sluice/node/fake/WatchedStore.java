package io.sluice.node.fake;

import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import io.sluice.store.PutResult;
import io.sluice.store.RemoveResult;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreStats;
import io.sluice.store.policy.PolicyKind;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A store that tells on which threads it is read, and can hold a reader with its answer in hand. Thread-safe. */
public final class WatchedStore implements CacheStore {
    private final CacheStore store;
    private final List<String> readers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Consumer<String> afterGet;
    private volatile @Nullable Consumer<String> beforePut;
    private volatile @Nullable Consumer<String> afterPut;
    private volatile @Nullable Runnable beforeFloor;
    private volatile @Nullable Runnable beforeRetain;

    public WatchedStore(CacheStore store) {
        this.store = store;
    }

    /** Names of the threads that read, in order. */
    public List<String> readers() {
        return readers;
    }

    public void afterGet(Consumer<String> step) {
        afterGet = step;
    }

    @Override
    public void exempt(SourcePosition phantoms) {
        store.exempt(phantoms);
    }

    @Override
    public SourcePosition floor() {
        return store.floor();
    }

    @Override
    public @Nullable CacheEntry get(StoreKey key) {
        return watched(key, store.get(key));
    }

    @Override
    public @Nullable CacheEntry peek(StoreKey key) {
        return watched(key, store.peek(key));
    }

    private @Nullable CacheEntry watched(StoreKey key, @Nullable CacheEntry entry) {
        readers.add(Thread.currentThread().getName());
        Consumer<String> step = afterGet;
        if (step != null) {
            step.accept(key.toString());
        }
        return entry;
    }

    public void beforePut(Consumer<String> step) {
        beforePut = step;
    }

    public void afterPut(Consumer<String> step) {
        afterPut = step;
    }

    public void beforeFloor(Runnable step) {
        beforeFloor = step;
    }

    public void beforeRetain(Runnable step) {
        beforeRetain = step;
    }

    @Override
    public PutResult put(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        tell(beforePut, key);
        PutResult result = store.put(key, entry, mayHold);
        tell(afterPut, key);
        return result;
    }

    @Override
    public PutResult putInherited(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        tell(beforePut, key);
        PutResult result = store.putInherited(key, entry, mayHold);
        tell(afterPut, key);
        return result;
    }

    private static void tell(@Nullable Consumer<String> step, StoreKey key) {
        if (step != null) {
            step.accept(key.toString());
        }
    }

    @Override
    public RemoveResult remove(StoreKey key, SourcePosition position) {
        return store.remove(key, position);
    }

    @Override
    public RemoveResult removeTag(long tag, SourcePosition position) {
        return store.removeTag(tag, position);
    }

    @Override
    public void removeAll(SourcePosition position) {
        store.removeAll(position);
    }

    @Override
    public void clear() {
        store.clear();
    }

    @Override
    public void raiseFloor(SourcePosition position) {
        Runnable step = beforeFloor;
        if (step != null) {
            step.run();
        }
        store.raiseFloor(position);
    }

    @Override
    public boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos) {
        return store.admits(key, stamp, loadStartNanos);
    }

    @Override
    public void retainIf(LongPredicate keyHash) {
        Runnable step = beforeRetain;
        if (step != null) {
            step.run();
        }
        store.retainIf(keyHash);
    }

    @Override
    public void reclaimExpired() {
        store.reclaimExpired();
    }

    @Override
    public PolicyKind policy() {
        return store.policy();
    }

    @Override
    public StoreStats stats() {
        return store.stats();
    }
}
