package io.sluice.store;

import static io.sluice.store.Entries.TICK;
import static io.sluice.store.Entries.sized;
import static io.sluice.store.Entries.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Segments lend each other room; an eviction loop always ends; the bound holds whatever happens. */
final class LendingTest {
    private static final long MIXER = 0x9E37_79B9_7F4A_7C15L;
    private static final KeyHasher HASHER = (array, offset, length) ->
            hash(ByteBuffer.wrap(array, offset, length).getInt());

    private long now = 1_000;

    /** A key of one of sixteen segments. */
    private static StoreKey key(int number, int segment) {
        int both = segment << 24 | number;
        return new StoreKey(ByteBuffer.allocate(Integer.BYTES).putInt(both).array(), hash(both));
    }

    /** Undoes the store's mixing. */
    private static long hash(int key) {
        long mixed = (long) (key >>> 24) << 60 | (key & 0xFF_FFFF);
        long inverse = 1;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - MIXER * inverse;
        }
        return mixed * inverse;
    }

    /** What an entry with a key and no value counts. */
    private static int entryBytes(PolicyKind kind) {
        return SegmentedStore.entryOverheadBytes(kind) + Integer.BYTES;
    }

    private SegmentedStore store(PolicyKind kind, long capacityBytes) {
        StoreSettings settings = new StoreSettings(16, kind, FenceLimits.DEFAULTS);
        return SegmentedStore.ofCapacity(capacityBytes, settings, HASHER, () -> now);
    }

    private CacheEntry entry(int valueBytes) {
        return sized(valueBytes, upTo(1), now, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void aSegmentThatAloneIsBusyHoldsMoreThanAFairShareCould(PolicyKind kind) {
        int entryBytes = entryBytes(kind);
        SegmentedStore store = store(kind, 160L * entryBytes);
        for (int number = 0; number < 320; number++) {
            now += TICK;
            store.put(key(number, number % 16), entry(0));
        }
        long before = store.stats().hits();
        for (int round = 0; round < 200; round++) {
            for (int number = 1_000; number < 1_060; number++) {
                now += TICK;
                if (store.get(key(number, 3)) == null) {
                    store.put(key(number, 3), entry(0));
                    store.audit();
                }
            }
        }
        assertThat(store.stats().hits() - before).isGreaterThan(200 * 60 / 4);
    }

    @Test
    void aBusySegmentLeavesOthersAPartOfTheirShare() {
        int entryBytes = entryBytes(PolicyKind.LRU);
        SegmentedStore store = store(PolicyKind.LRU, 160L * entryBytes);
        for (int number = 0; number < 10_000; number++) {
            now += TICK;
            store.put(key(number, 3), entry(0));
        }
        store.audit();
        assertThat(store.stats().entries()).isBetween(100L, 160L);
        for (int segment = 0; segment < 16; segment++) {
            assertThat(store.put(key(1, segment), entry(0))).isEqualTo(PutResult.STORED);
            assertThat(store.get(key(1, segment))).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEntryAsLargeAsAFairShareFitsEvenWhereMostWasLent(PolicyKind kind) {
        int entryBytes = entryBytes(kind);
        SegmentedStore store = store(kind, 160L * entryBytes);
        for (int number = 0; number < 2_000; number++) {
            now += TICK;
            store.put(key(number, 3), entry(0));
        }
        for (int segment = 0; segment < 16; segment++) {
            now += TICK;
            assertThat(store.put(key(1, segment), entry(9 * entryBytes))).isEqualTo(PutResult.STORED);
            assertThat(store.get(key(1, segment))).isNotNull();
            assertThat(store.put(key(2, segment), entry(9 * entryBytes + 1))).isEqualTo(PutResult.TOO_LARGE);
            store.audit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCapacityAndLessThanAnEntryKeepNothing(PolicyKind kind) {
        int entryBytes = entryBytes(kind);
        for (long capacity : new long[] {0, 1, entryBytes - 1, 16L * entryBytes - 1}) {
            SegmentedStore store = store(kind, capacity);
            for (int number = 0; number < 100; number++) {
                assertThat(store.put(key(number, number % 16), entry(0))).isEqualTo(PutResult.TOO_LARGE);
            }
            store.audit();
            assertThat(store.stats().bytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalAgesAndAClockThatGoesBackwardsStopNothing(PolicyKind kind) {
        int entryBytes = entryBytes(kind);
        for (int step : new int[] {0, -1}) {
            now = 1_000 * TICK;
            SegmentedStore store = store(kind, 160L * entryBytes);
            Random random = new Random(1);
            for (int i = 0; i < 5_000; i++) {
                now += step * TICK;
                StoreKey key = key(random.nextInt(100), random.nextInt(4));
                if (store.get(key) == null) {
                    assertThat(store.put(key, entry(random.nextInt(3 * entryBytes))))
                            .isEqualTo(PutResult.STORED);
                }
            }
            store.audit();
            assertThat(store.stats().bytes()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void resizingEvictsDownToTheNewBoundAndMayGrowAgain(PolicyKind kind) {
        int entryBytes = entryBytes(kind);
        SegmentedStore store = store(kind, 160L * entryBytes);
        for (long capacity : new long[] {160L * entryBytes, 40L * entryBytes, 0, 320L * entryBytes, 16L * entryBytes}) {
            store.pool().resize(capacity);
            store.audit();
            assertThat(store.stats().bytes()).isLessThanOrEqualTo(capacity);
            for (int number = 0; number < 1_000; number++) {
                now += TICK;
                store.put(key(number, number % 7), entry(0));
            }
            store.audit();
            assertThat(store.stats().capacityBytes()).isEqualTo(capacity);
            assertThat(store.stats().entries()).isBetween(capacity / entryBytes / 3, capacity / entryBytes);
        }
        assertThatThrownBy(() -> store.pool().resize(-1)).hasMessageContaining("-1 bytes");
    }

    @ParameterizedTest
    @EnumSource
    void theBoundHoldsWhileThreadsPutRemoveAndResize(PolicyKind kind) throws Exception {
        int entryBytes = entryBytes(kind);
        long capacity = 160L * entryBytes;
        StoreSettings settings = new StoreSettings(16, kind, FenceLimits.DEFAULTS);
        SegmentedStore store = SegmentedStore.ofCapacity(capacity, settings, HASHER, System::nanoTime);
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            tasks.add(() -> {
                for (int i = 0; i < 20_000; i++) {
                    StoreKey key = key(random.nextInt(300), random.nextInt(1 + random.nextInt(16)));
                    if (store.get(key) == null) {
                        store.put(key, sized(random.nextInt(2 * entryBytes), upTo(1), 0, Long.MAX_VALUE));
                    }
                    if (random.nextInt(500) == 0) {
                        store.removeAll(upTo(1));
                    }
                    if (random.nextInt(500) == 0) {
                        store.pool().resize(capacity / (1 + random.nextInt(2)));
                    }
                }
                return store.stats().hits();
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Long> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isPositive();
            }
        }
        store.audit();
        store.pool().resize(capacity);
        store.audit();
    }
}
