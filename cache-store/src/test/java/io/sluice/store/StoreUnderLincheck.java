package io.sluice.store;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A store and the calls that Lincheck makes of it, with keys and positions as small numbers: the value of an entry is
 * the number of its stamp, 0 stands for nothing.
 */
final class StoreUnderLincheck {
    static final int KEYS = 3;
    static final int POSITIONS = 3;

    private static final StoreKey[] KEY_OF =
            IntStream.range(0, KEYS).mapToObj(Entries::key).toArray(StoreKey[]::new);
    private static final SourcePosition[] POSITION_OF = IntStream.rangeClosed(0, POSITIONS)
            .mapToObj(i -> Entries.upTo(1 + i))
            .toArray(SourcePosition[]::new);

    /** Of few records, since Lincheck makes a store for each try. */
    private static final FenceLimits FENCE = new FenceLimits(8, Duration.ofMinutes(1), Duration.ofSeconds(2));

    private static final KeyTags OWN_TAGS = new KeyTags() {
        @Override
        public int most() {
            return 1;
        }

        @Override
        public long[] of(byte[] utf8) {
            return new long[] {ownTag(utf8)};
        }
    };

    private final CacheStore store;

    StoreUnderLincheck(CacheStore store) {
        this.store = store;
    }

    /** A store of two segments with room for so many entries. */
    static SegmentedStore storeFor(int entries, PolicyKind policy) {
        StoreSettings settings = new StoreSettings(2, policy, FENCE);
        int entryBytes = SegmentedStore.entryOverheadBytes(policy, OWN_TAGS) + KEY_OF[0].utf8().length + Long.BYTES;
        return SegmentedStore.ofCapacity((long) entries * entryBytes, settings, Entries.HASHER, OWN_TAGS, () -> 0);
    }

    int get(int key) {
        CacheEntry entry = store.get(KEY_OF[key]);
        return entry == null ? 0 : (int) Entries.number(entry);
    }

    String put(int key, int position) {
        return store.put(KEY_OF[key], Entries.numbered(position, POSITION_OF[position], 0))
                .toString();
    }

    String remove(int key, int position) {
        return store.remove(KEY_OF[key], POSITION_OF[position]).toString();
    }

    private static long ownTag(byte[] utf8) {
        return -1 - Entries.HASHER.hash(utf8);
    }

    /** Of the key's own tag, which no other key carries. */
    String removeTag(int key, int position) {
        return store.removeTag(ownTag(KEY_OF[key].utf8()), POSITION_OF[position])
                .toString();
    }

    void raiseFloor(int position) {
        store.raiseFloor(POSITION_OF[position]);
    }

    void removeAll(int position) {
        store.removeAll(POSITION_OF[position]);
    }
}
