package io.sluice.bench.store;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The store as a node makes it: its settings, clock, hash of keys, and a stamp for each entry. The one class here that
 * knows the store's calls.
 */
final class SluiceContestant implements Contestant {
    private static final String GROUP = "bench";
    private static final SourcePosition STAMP = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-1000000");

    private final SegmentedStore store;
    private final StoreKey[] putKeys;
    private final StoreKey[] getKeys;
    private final byte[][] values;
    private final long loadStartNanos = System.nanoTime();
    private final long expiresAtNanos = loadStartNanos + Duration.ofMinutes(10).toNanos();

    SluiceContestant(Payload payload, PolicyKind policy, int maxEntries) {
        this.store = store(policy, maxEntries);
        this.putKeys = keys(payload);
        this.getKeys = keys(payload);
        this.values = payload.values();
    }

    private static StoreKey[] keys(Payload payload) {
        StoreKey[] keys = new StoreKey[payload.keys()];
        for (int number = 0; number < keys.length; number++) {
            keys[number] = key(payload.keyBytes(number));
        }
        return keys;
    }

    private static StoreKey key(byte[] utf8) {
        return new StoreKey(utf8, KeyHash.of(GROUP, utf8));
    }

    private static SegmentedStore store(PolicyKind policy, int maxEntries) {
        int entryBytes = SegmentedStore.entryOverheadBytes(policy) + Payload.KEY_BYTES + Payload.VALUE_BYTES;
        return SegmentedStore.ofCapacity(
                (long) maxEntries * entryBytes,
                StoreSettings.DEFAULTS.withPolicy(policy),
                KeyHash.ofGroup(GROUP)::hash,
                System::nanoTime);
    }

    /** A full store that nothing else refers to, for the measurement of its memory. */
    static Object filled(Payload payload, PolicyKind policy) {
        SegmentedStore store = store(policy, payload.keys() + payload.keys() / 4);
        long now = System.nanoTime();
        long expires = now + Duration.ofHours(1).toNanos();
        for (int number = 0; number < payload.keys(); number++) {
            CacheEntry entry = CacheEntry.found(payload.value(number), STAMP, now, expires);
            store.put(key(payload.keyBytes(number)), entry);
        }
        if (store.stats().entries() != payload.keys()) {
            throw new IllegalStateException("the store does not hold all that was put");
        }
        return store;
    }

    @Override
    public @Nullable Object get(int key) {
        return store.get(getKeys[key]);
    }

    @Override
    public void put(int key) {
        store.put(putKeys[key], CacheEntry.found(values[key], STAMP, loadStartNanos, expiresAtNanos));
    }

    @Override
    public void load(int key) {
        StoreKey prepared = putKeys[key];
        StoreKey asked = new StoreKey(prepared.utf8().clone(), prepared.hash());
        store.put(asked, CacheEntry.found(values[key].clone(), STAMP, loadStartNanos, expiresAtNanos));
    }

    @Override
    public long entries() {
        return store.stats().entries();
    }
}
