package io.sluice.store;

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
    private static final int ENTRY = SegmentedStore.ENTRY_OVERHEAD_BYTES + Integer.BYTES;
    private static final long TICK = 1L << 20;

    private long now = 1_000;

    /** A key of one of sixteen segments: the hash undoes the store's mixing. */
    private static StoreKey key(int number, int segment) {
        long mixed = (long) segment << 60 | number;
        long inverse = 1;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - 0x9E37_79B9_7F4A_7C15L * inverse;
        }
        byte[] utf8 = ByteBuffer.allocate(Integer.BYTES)
                .putInt(segment << 24 | number)
                .array();
        return new StoreKey(utf8, mixed * inverse);
    }

    private SegmentedStore store(PolicyKind kind, long capacityBytes) {
        return new SegmentedStore(new StoreSettings(capacityBytes, 16, kind, FenceLimits.DEFAULTS), () -> now);
    }

    private CacheEntry entry(int valueBytes) {
        return sized(valueBytes, upTo(1), now, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void aSegmentThatAloneIsBusyHoldsMoreThanAFairShareCould(PolicyKind kind) {
        SegmentedStore store = store(kind, 160 * ENTRY);
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
        SegmentedStore store = store(PolicyKind.LRU, 160 * ENTRY);
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
        SegmentedStore store = store(kind, 160 * ENTRY);
        for (int number = 0; number < 2_000; number++) {
            now += TICK;
            store.put(key(number, 3), entry(0));
        }
        for (int segment = 0; segment < 16; segment++) {
            now += TICK;
            assertThat(store.put(key(1, segment), entry(9 * ENTRY))).isEqualTo(PutResult.STORED);
            assertThat(store.get(key(1, segment))).isNotNull();
            assertThat(store.put(key(2, segment), entry(9 * ENTRY + 1))).isEqualTo(PutResult.TOO_LARGE);
            store.audit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCapacityAndLessThanAnEntryKeepNothing(PolicyKind kind) {
        for (long capacity : new long[] {0, 1, ENTRY - 1, 16 * ENTRY - 1}) {
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
        for (int step : new int[] {0, -1}) {
            now = 1_000 * TICK;
            SegmentedStore store = store(kind, 160 * ENTRY);
            Random random = new Random(1);
            for (int i = 0; i < 5_000; i++) {
                now += step * TICK;
                StoreKey key = key(random.nextInt(100), random.nextInt(4));
                if (store.get(key) == null) {
                    assertThat(store.put(key, entry(random.nextInt(3 * ENTRY)))).isEqualTo(PutResult.STORED);
                }
            }
            store.audit();
            assertThat(store.stats().bytes()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void resizingEvictsDownToTheNewBoundAndMayGrowAgain(PolicyKind kind) {
        SegmentedStore store = store(kind, 160 * ENTRY);
        for (long capacity : new long[] {160 * ENTRY, 40 * ENTRY, 0, 320 * ENTRY, 16 * ENTRY}) {
            store.resize(capacity);
            store.audit();
            assertThat(store.stats().bytes()).isLessThanOrEqualTo(capacity);
            for (int number = 0; number < 1_000; number++) {
                now += TICK;
                store.put(key(number, number % 7), entry(0));
            }
            store.audit();
            assertThat(store.stats().capacityBytes()).isEqualTo(capacity);
            assertThat(store.stats().entries()).isBetween(capacity / ENTRY / 3, capacity / ENTRY);
        }
        assertThatThrownBy(() -> store.resize(-1)).hasMessageContaining("-1 bytes");
    }

    @ParameterizedTest
    @EnumSource
    void theBoundHoldsWhileThreadsPutRemoveAndResize(PolicyKind kind) throws Exception {
        long capacity = 160 * ENTRY;
        SegmentedStore store =
                new SegmentedStore(new StoreSettings(capacity, 16, kind, FenceLimits.DEFAULTS), System::nanoTime);
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            tasks.add(() -> {
                for (int i = 0; i < 20_000; i++) {
                    StoreKey key = key(random.nextInt(300), random.nextInt(1 + random.nextInt(16)));
                    if (store.get(key) == null) {
                        store.put(key, sized(random.nextInt(2 * ENTRY), upTo(1), 0, Long.MAX_VALUE));
                    }
                    if (random.nextInt(500) == 0) {
                        store.removeAll(upTo(1));
                    }
                    if (random.nextInt(500) == 0) {
                        store.resize(capacity / (1 + random.nextInt(2)));
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
        store.resize(capacity);
        store.audit();
    }
}
