package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import io.sluice.store.KeyHasher;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.nio.ByteBuffer;

/**
 * The whole store with entries of one size, so that its segments lend each other room as they do in a node. Time passes
 * with the requests. Hits vary a little from run to run: whom a full segment asks is left to chance.
 *
 * @param segments a power of two
 */
public record StoreReplay(PolicyKind kind, int segments) implements Replay {
    private static final KeyHasher HASHER = (array, offset, length) ->
            Trace.hash(ByteBuffer.wrap(array, offset, length).getInt());
    private static final int TICK_SHIFT = 20;

    public StoreReplay {
        requireNonNull(kind, "kind is null");
    }

    @Override
    public String name() {
        return "store-" + kind;
    }

    @Override
    public long hits(Trace trace, int size) {
        long[] now = new long[1];
        long capacity = (long) size * (SegmentedStore.entryOverheadBytes(kind) + Integer.BYTES);
        StoreSettings settings = new StoreSettings(segments, kind, FenceLimits.DEFAULTS);
        SegmentedStore store = SegmentedStore.ofCapacity(capacity, settings, HASHER, () -> now[0] << TICK_SHIFT);
        CacheEntry entry = CacheEntry.found(new byte[0], SourcePosition.UNKNOWN, 0, Long.MAX_VALUE);
        for (int i = 0; i < trace.length(); i++) {
            now[0] = i;
            int key = trace.key(i);
            StoreKey stored =
                    new StoreKey(ByteBuffer.allocate(Integer.BYTES).putInt(key).array(), Trace.hash(key));
            if (store.get(stored) == null) {
                store.put(stored, entry);
            }
        }
        return store.stats().hits();
    }
}
