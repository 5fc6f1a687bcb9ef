package io.sluice.store;

import static io.sluice.store.Entries.HASHER;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.number;
import static io.sluice.store.Entries.numbered;
import static io.sluice.store.Entries.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

/**
 * Writers change a little database and remove; loaders read position, then row, and fill; readers know which changes
 * were removed before they asked. A row's value is the number of the change that wrote it.
 */
final class StoreConcurrencyTest {
    private static final int KEYS = 8;
    private static final int ROUNDS = 20_000;

    private final AtomicLongArray rows = new AtomicLongArray(KEYS);
    private final AtomicLongArray settled = new AtomicLongArray(KEYS);
    private final Object commit = new Object();
    private volatile long executed = 1;

    @Test
    void noReadIsOlderThanAChangeThatWasRemovedBefore() throws Exception {
        check(1 << 20, new StoreSettings(4, PolicyKind.LRU, FenceLimits.DEFAULTS));
    }

    @Test
    void noReadIsOlderWithATinyStoreAndAForgetfulFence() throws Exception {
        FenceLimits forgetful = new FenceLimits(1, Duration.ofNanos(1), Duration.ofNanos(0));
        check(4L * SegmentedStore.entryOverheadBytes(PolicyKind.LRU), new StoreSettings(1, PolicyKind.LRU, forgetful));
    }

    private void check(long capacity, StoreSettings settings) throws Exception {
        SegmentedStore store = SegmentedStore.ofCapacity(capacity, settings, HASHER, System::nanoTime);
        List<Callable<Long>> tasks = new ArrayList<>();
        CyclicBarrier start = new CyclicBarrier(5);
        tasks.add(() -> write(store, new Random(1), start));
        tasks.add(() -> write(store, new Random(2), start));
        tasks.add(() -> fill(store, new Random(3), start));
        tasks.add(() -> fill(store, new Random(4), start));
        tasks.add(() -> read(store, new Random(5), start));
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Long> done : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                assertThat(done.get()).isNotNegative();
            }
        }
        store.audit();
        StoreStats stats = store.stats();
        assertThat(stats.bytes()).isLessThanOrEqualTo(capacity);
        for (int k = 0; k < KEYS; k++) {
            CacheEntry last = store.get(key(k));
            assertThat(last == null || number(last) == rows.get(k)).isTrue();
            CacheEntry fresh = numbered(rows.get(k), upTo(executed), System.nanoTime());
            assertThat(store.put(key(k), fresh)).isEqualTo(PutResult.STORED);
        }
    }

    private long write(SegmentedStore store, Random random, CyclicBarrier start) throws Exception {
        start.await();
        for (int i = 0; i < ROUNDS; i++) {
            int k = random.nextInt(KEYS);
            long change;
            synchronized (commit) {
                change = executed + 1;
                rows.set(k, change);
                executed = change;
            }
            if (i % 100 == 0) {
                store.removeAll(upTo(change));
            } else {
                store.remove(key(k), upTo(change));
            }
            settled.accumulateAndGet(k, change, Math::max);
        }
        return ROUNDS;
    }

    private long fill(SegmentedStore store, Random random, CyclicBarrier start) throws Exception {
        start.await();
        long stored = 0;
        StoreKey lateKey = key(0);
        CacheEntry late = numbered(rows.get(0), upTo(1), System.nanoTime());
        for (int i = 0; i < 2 * ROUNDS; i++) {
            int k = random.nextInt(KEYS);
            long began = System.nanoTime();
            SourcePosition stamp = upTo(executed);
            CacheEntry loaded = numbered(rows.get(k), stamp, began);
            stored += store.put(key(k), loaded) == PutResult.STORED ? 1 : 0;
            if (i % 4 == 0) {
                store.put(lateKey, late);
                lateKey = key(k);
                late = loaded;
            }
        }
        return stored;
    }

    private long read(SegmentedStore store, Random random, CyclicBarrier start) throws Exception {
        start.await();
        long hits = 0;
        for (int i = 0; i < 4 * ROUNDS; i++) {
            int k = random.nextInt(KEYS);
            long atLeast = settled.get(k);
            CacheEntry entry = store.get(key(k));
            if (entry != null) {
                hits++;
                assertThat(number(entry) >= atLeast).as("an old value was read").isTrue();
            }
        }
        return hits;
    }
}
