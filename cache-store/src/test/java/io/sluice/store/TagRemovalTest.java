package io.sluice.store;

import static io.sluice.coherence.SourcePosition.UNKNOWN;
import static io.sluice.store.Entries.HASHER;
import static io.sluice.store.Entries.TAGS;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.loaded;
import static io.sluice.store.Entries.number;
import static io.sluice.store.Entries.numbered;
import static io.sluice.store.Entries.ownTag;
import static io.sluice.store.Entries.sharedTag;
import static io.sluice.store.Entries.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys 1, 3, 7 and 9 carry the shared tag 1, keys 2, 4, 6 and 8 the other; 3, 6 and 9 one of their own as well. */
final class TagRemovalTest {
    private long now = 1_000;
    private final SegmentedStore store = store(4);

    private SegmentedStore store(int fenceRecords) {
        FenceLimits fence = new FenceLimits(fenceRecords, Duration.ofMinutes(1), Duration.ofNanos(100));
        return SegmentedStore.ofCapacity(1 << 20, new StoreSettings(4, PolicyKind.LRU, fence), HASHER, TAGS, () -> now);
    }

    @AfterEach
    void audit() {
        store.audit();
    }

    private void putAll(long position) {
        for (int number = 1; number < 10; number++) {
            assertThat(store.put(key(number), loaded(upTo(position), now))).isEqualTo(PutResult.STORED);
        }
    }

    private List<Integer> held() {
        List<Integer> held = new ArrayList<>();
        for (int number = 1; number < 10; number++) {
            if (store.get(key(number)) != null) {
                held.add(number);
            }
        }
        return held;
    }

    @Test
    void everythingThatCarriesTheTagGoesAndNothingElse() {
        putAll(5);
        assertThat(store.removeTag(sharedTag(1), upTo(10))).isEqualTo(RemoveResult.REMOVED);
        assertThat(held()).containsExactly(2, 4, 5, 6, 8);
        assertThat(store.removeTag(ownTag(6), upTo(10))).isEqualTo(RemoveResult.REMOVED);
        assertThat(held()).containsExactly(2, 4, 5, 8);
        assertThat(store.stats().removed()).isEqualTo(5);
    }

    @Test
    void whatCoversThePositionStays() {
        putAll(5);
        store.put(key(3), loaded(upTo(10), now));
        assertThat(store.removeTag(sharedTag(1), upTo(10))).isEqualTo(RemoveResult.COVERED);
        assertThat(held()).containsExactly(2, 3, 4, 5, 6, 8);
        assertThat(store.stats().covered()).isEqualTo(1);
        assertThat(store.removeTag(sharedTag(1), UNKNOWN)).isEqualTo(RemoveResult.REMOVED);
        assertThat(held()).containsExactly(2, 4, 5, 6, 8);
    }

    /** 1: loads a list that is not held yet. A row is inserted; Remove of the tag finds nothing. 1: offers the list. */
    @Test
    void lateFillOfWhatCarriesTheTagIsRefused() {
        CacheEntry old = loaded(upTo(9), now);
        assertThat(store.removeTag(sharedTag(1), upTo(10))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.admits(key(3), upTo(9), now))
                .as("its flight may be joined")
                .isFalse();
        assertThat(store.put(key(3), old)).isEqualTo(PutResult.REFUSED);
        assertThat(store.putInherited(key(3), old)).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(key(2), old)).isEqualTo(PutResult.STORED);
        assertThat(store.admits(key(3), upTo(10), now)).isTrue();
        assertThat(store.put(key(3), loaded(upTo(10), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void withoutPositionsLoadsOfTheHoldAreRefused() {
        store.removeTag(sharedTag(1), UNKNOWN);
        now += 100;
        assertThat(store.put(key(3), loaded(UNKNOWN, now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(key(2), loaded(UNKNOWN, now))).isEqualTo(PutResult.STORED);
        now += 1;
        assertThat(store.put(key(3), loaded(UNKNOWN, now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void overflowOfTheFenceStillRefusesTheLateFill() {
        store.removeTag(sharedTag(1), upTo(10));
        for (int other = 0; other < 50; other++) {
            store.removeTag(ownTag(other), upTo(5));
        }
        assertThat(store.put(key(3), loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(key(3), loaded(upTo(10), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void replacedAndReturningEntriesKeepTheirTags() {
        putAll(5);
        putAll(6);
        store.retainIf(hash -> hash != key(3).hash());
        store.removeAll(upTo(6));
        putAll(7);
        store.removeTag(sharedTag(1), upTo(8));
        assertThat(held()).containsExactly(2, 4, 5, 6, 8);
    }

    @Test
    void keyWhoseTagsCannotBeToldIsNeverKept() {
        KeyTags untold = new KeyTags() {
            @Override
            public int most() {
                return 1;
            }

            @Override
            public long @Nullable [] of(byte[] utf8) {
                return null;
            }
        };
        SegmentedStore strict = SegmentedStore.ofCapacity(1 << 20, StoreSettings.DEFAULTS, HASHER, untold, () -> now);
        assertThat(strict.put(key(1), loaded(upTo(5), now))).isEqualTo(PutResult.REFUSED);
        assertThat(strict.admits(key(1), upTo(5), now)).isFalse();
        strict.audit();
    }

    @Test
    void moreTagsThanTheLimitAreNoStore() {
        KeyTags many = new KeyTags() {
            @Override
            public int most() {
                return LIMIT + 1;
            }

            @Override
            public long[] of(byte[] utf8) {
                return new long[0];
            }
        };
        assertThatThrownBy(() -> SegmentedStore.ofCapacity(1, StoreSettings.DEFAULTS, HASHER, many, () -> now))
                .hasMessageContaining("must be from 0 to 8");
    }

    /**
     * Lists of many keys are loaded and offered late while their tag is removed over and over: once a Remove is done,
     * no list is older.
     */
    @Test
    void noListIsOlderThanARemoveThatIsDone() throws Exception {
        SegmentedStore busy = SegmentedStore.ofCapacity(
                4 << 20,
                new StoreSettings(4, PolicyKind.DEFAULT, FenceLimits.DEFAULTS),
                HASHER,
                TAGS,
                System::nanoTime);
        AtomicLong executed = new AtomicLong(1);
        AtomicLong settled = new AtomicLong();
        AtomicLong hits = new AtomicLong();
        int keys = 6_000;
        int rounds = 150;
        List<Callable<@Nullable Void>> tasks = new ArrayList<>();
        for (int remover = 0; remover < 2; remover++) {
            tasks.add(() -> {
                for (int round = 0; round < rounds; round++) {
                    while (hits.get() < 20L * round && !Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                    long change = executed.incrementAndGet();
                    busy.removeTag(sharedTag(1), upTo(change));
                    settled.accumulateAndGet(change, Math::max);
                }
                executed.addAndGet(1_000_000);
                return null;
            });
        }
        for (int filler = 0; filler < 2; filler++) {
            Random random = new Random(filler);
            tasks.add(() -> {
                while (executed.get() < 2_000_000 && !Thread.currentThread().isInterrupted()) {
                    long position = executed.get();
                    StoreKey key = key(random.nextInt(keys) * 2 + 1);
                    CacheEntry list = numbered(position, upTo(position), System.nanoTime());
                    busy.put(key, list);
                    int other = random.nextInt(keys) * 2 + 1;
                    boolean carries = other % 5 != 0;
                    long atLeast = settled.get();
                    CacheEntry entry = busy.get(key(other));
                    if (entry != null && carries) {
                        hits.incrementAndGet();
                        assertThat(number(entry)).as("an old list was read").isGreaterThanOrEqualTo(atLeast);
                    }
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<?> done : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                done.get();
            }
        }
        busy.audit();
        busy.removeTag(sharedTag(1), UNKNOWN);
        for (int number = 0; number < keys; number++) {
            boolean carries = (number * 2 + 1) % 5 != 0;
            assertThat(carries && busy.get(key(number * 2 + 1)) != null).isFalse();
        }
        busy.audit();
    }
}
