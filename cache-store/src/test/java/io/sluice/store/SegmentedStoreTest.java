package io.sluice.store;

import static io.sluice.coherence.SourcePosition.UNKNOWN;
import static io.sluice.store.Entries.TICK;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.loaded;
import static io.sluice.store.Entries.sized;
import static io.sluice.store.Entries.upTo;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the store keeps, for how long, and what makes room. Keys have 4 bytes. */
final class SegmentedStoreTest {
    private static final int ENTRY = SegmentedStore.entryOverheadBytes(PolicyKind.LRU) + 4;

    private long now = 1_000;
    private SegmentedStore store = store(10L * (ENTRY + 100), 1);

    @AfterEach
    void audit() {
        store.audit();
    }

    @Test
    void answersWithWhatWasPut() {
        CacheEntry entry = loaded(upTo(1), now);
        assertThat(store.get(key(1))).isNull();
        assertThat(store.put(key(1), entry)).isEqualTo(PutResult.STORED);
        CacheEntry held = requireNonNull(store.get(key(1)));
        assertThat(held.value()).isEqualTo(entry.value());
        assertThat(held.stamp()).isSameAs(entry.stamp());
        assertThat(held.loadStartNanos()).isEqualTo(entry.loadStartNanos());
        assertThat(store.get(key(2))).isNull();
        assertThat(store.stats().hits()).isEqualTo(1);
        assertThat(store.stats().misses()).isEqualTo(2);
    }

    @Test
    void keysWithTheSameHashAreDifferentKeys() {
        StoreKey one = new StoreKey(new byte[] {1}, 5);
        StoreKey two = new StoreKey(new byte[] {2}, 5);
        store.put(one, loaded(upTo(1), now));
        assertThat(store.get(two)).isNull();
        store.put(two, loaded(upTo(1), now));
        store.remove(one, upTo(2));
        assertThat(store.get(one)).isNull();
        assertThat(store.get(two)).isNotNull();
    }

    @Test
    void countsKeyValueAndOverheadOfEachEntry() {
        store.put(key(1), sized(100, upTo(1), now, now + 10 * TICK));
        assertThat(store.stats().bytes()).isEqualTo(ENTRY + 100);
        store.put(key(1), sized(30, upTo(1), now, now + 10 * TICK));
        assertThat(store.stats().bytes()).isEqualTo(ENTRY + 30);
        assertThat(store.stats().entries()).isEqualTo(1);
        assertThat(store.stats().replaced()).isEqualTo(1);
        store.remove(key(1), upTo(2));
        assertThat(store.stats().bytes()).isZero();
    }

    @Test
    void evictsTheLeastRecentlyUsedToMakeRoom() {
        for (int i = 0; i < 10; i++) {
            store.put(key(i), sized(100, upTo(1), now, now + 10 * TICK));
        }
        store.get(key(0));
        store.put(key(99), sized(101, upTo(1), now, now + 10 * TICK));
        assertThat(store.get(key(0))).isNotNull();
        assertThat(store.get(key(1))).isNull();
        assertThat(store.get(key(2))).isNull();
        assertThat(store.get(key(3))).isNotNull();
        assertThat(store.stats().evicted()).isEqualTo(2);
    }

    @Test
    void oneEntryMayFillASegmentAndOneByteMoreIsNotStored() {
        int share = 10 * (ENTRY + 100);
        store.put(key(1), loaded(upTo(1), now));
        assertThat(store.put(key(2), sized(share - ENTRY, upTo(1), now, now + 10 * TICK)))
                .isEqualTo(PutResult.STORED);
        assertThat(store.stats().entries()).isEqualTo(1);
        assertThat(store.put(key(3), sized(share - ENTRY + 1, upTo(1), now, now + 10 * TICK)))
                .isEqualTo(PutResult.TOO_LARGE);
        assertThat(store.get(key(2))).isNotNull();
        assertThat(store.stats().tooLarge()).isEqualTo(1);
    }

    @Test
    void aNewValueThatIsTooLargeDropsTheOldOne() {
        store.put(key(1), loaded(upTo(1), now));
        store.put(key(1), sized(1 << 20, upTo(2), now, now + 10 * TICK));
        assertThat(store.get(key(1))).isNull();
    }

    @Test
    void capacityZeroKeepsNothing() {
        store = store(0, 4);
        assertThat(store.put(key(1), sized(0, upTo(1), now, now + 10 * TICK))).isEqualTo(PutResult.TOO_LARGE);
        assertThat(store.get(key(1))).isNull();
    }

    @Test
    void segmentsShareTheCapacity() {
        store = store(8L * 2 * (ENTRY + 2), 8);
        for (int i = 0; i < 1_000; i++) {
            store.put(key(i), sized(0, upTo(1), now, now + 10 * TICK));
            store.audit();
        }
        assertThat(store.stats().bytes()).isLessThanOrEqualTo(8L * 2 * (ENTRY + 2));
        assertThat(store.stats().entries()).isBetween(8L, 16L);
    }

    @Test
    void doesNotAnswerWithAnExpiredEntryAndReclaimsIt() {
        store.put(key(1), sized(10, upTo(1), now, now + 10 * TICK));
        now += 9 * TICK;
        assertThat(store.get(key(1))).isNotNull();
        now += TICK;
        assertThat(store.get(key(1))).isNull();
        assertThat(store.stats().expired()).isEqualTo(1);
        assertThat(store.stats().bytes()).isZero();
    }

    @Test
    void remembersWhetherTheAgeOfAnEntryIsSure() {
        StoreKey longest = new StoreKey(new byte[StoreKey.MAX_BYTES], 1);
        StoreKey longer = new StoreKey(new byte[StoreKey.MAX_BYTES + 1], 1);
        CacheEntry missing = CacheEntry.missing(upTo(1), now, now + 10 * TICK);
        store = SegmentedStore.ofCapacity(
                1 << 20,
                new StoreSettings(1, PolicyKind.LRU, FenceLimits.DEFAULTS),
                (array, offset, length) -> 1,
                () -> now);
        for (CacheEntry entry : List.of(missing, sized(10, upTo(1), now, now + 10 * TICK))) {
            assertThat(store.put(longest, entry.withUnsureAge())).isEqualTo(PutResult.STORED);
            assertThat(store.get(longest))
                    .isNotNull()
                    .matches(held -> !held.ageIsSure() && held.found() == entry.found());
            assertThat(store.put(longest, entry)).isEqualTo(PutResult.STORED);
            assertThat(store.get(longest))
                    .isNotNull()
                    .matches(held -> held.ageIsSure() && held.found() == entry.found());
            assertThat(store.put(longer, entry)).isEqualTo(PutResult.TOO_LARGE);
        }
    }

    @Test
    void doesNotKeepWhatHasExpiredOnArrival() {
        assertThat(store.put(key(1), sized(10, upTo(1), now - 5, now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.stats().entries()).isZero();
    }

    @Test
    void negativeEntriesHaveTheirOwnTimeToLive() {
        TimeToLive ttl = new TimeToLive(Duration.ofNanos(100 * TICK), Duration.ofNanos(10 * TICK));
        store.put(key(1), sized(0, upTo(1), now, ttl.expiresAtNanos(true, now, 0)));
        store.put(key(2), CacheEntry.missing(upTo(1), now, ttl.expiresAtNanos(false, now, 0)));
        CacheEntry missing = store.get(key(2));
        assertThat(missing).isNotNull().matches(entry -> !entry.found() && entry.length() == 0);
        now += 10 * TICK;
        assertThat(store.get(key(1))).isNotNull();
        assertThat(store.get(key(2))).isNull();
    }

    @Test
    void entriesWrittenTogetherExpireApartAndNeverLate() {
        TimeToLive ttl = new TimeToLive(Duration.ofNanos(100), Duration.ofNanos(10));
        assertThat(ttl.expiresAtNanos(true, 1_000, 0)).isEqualTo(1_100);
        assertThat(ttl.expiresAtNanos(true, 1_000, 0.5)).isEqualTo(1_095);
        assertThat(ttl.expiresAtNanos(false, 1_000, 1)).isEqualTo(1_009);
    }

    @Test
    void aNegativeEntryGoesLikeAnyOther() {
        store.put(key(1), CacheEntry.missing(upTo(1), now, now + 10 * TICK));
        store.remove(key(1), upTo(2));
        assertThat(store.get(key(1))).isNull();
    }

    @Test
    void anEntryDoesNotComeBackBecauseTheClockWentBackwards() {
        store.put(key(1), sized(10, upTo(1), now, now + 10 * TICK));
        now += 10 * TICK;
        store.get(key(2));
        now -= 5 * TICK;
        assertThat(store.get(key(1))).isNull();
    }

    @Test
    void retainIfDropsWhatThePredicateRejectsAndNothingElse() {
        store = store(1 << 20, 4);
        for (int i = 0; i < 1_000; i++) {
            store.put(key(i), loaded(upTo(1), now));
        }
        store.retainIf(hash -> hash < 0);
        store.audit();
        long kept = 0;
        for (int i = 0; i < 1_000; i++) {
            boolean held = store.get(key(i)) != null;
            assertThat(held).isEqualTo(key(i).hash() < 0);
            kept += held ? 1 : 0;
        }
        assertThat(store.stats().dropped()).isEqualTo(1_000 - kept).isPositive();
        assertThat(store.put(key(1), loaded(upTo(1), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void retainIfCallsThePredicateOutsideItsLocks() {
        store.put(key(1), loaded(upTo(1), now));
        Thread reader = Thread.ofPlatform().unstarted(() -> store.get(key(1)));
        store.retainIf(hash -> {
            reader.start();
            return join(reader);
        });
        assertThat(store.get(key(1))).isNotNull();
    }

    @Test
    void removeAllForgetsEverythingAndFreesTheBytes() {
        store = store(1 << 20, 4);
        for (int i = 0; i < 100; i++) {
            store.put(key(i), loaded(upTo(1), now));
        }
        store.removeAll(upTo(2));
        assertThat(store.get(key(5))).isNull();
        store.audit();
        assertThat(store.stats().entries()).isZero();
        assertThat(store.stats().bytes()).isZero();
        assertThat(store.stats().removed()).isEqualTo(100);
    }

    @Test
    void whatRemoveAllLeftBehindNeverExceedsTheBound() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 20; i++) {
                store.put(key(i), sized(100, upTo(100), now, now + 10 * TICK));
                store.audit();
            }
            store.removeAll(upTo(round + 1));
            store.audit();
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new StorePool(-1, () -> now)).hasMessageContaining("-1 bytes");
        for (int segments : new int[] {-2, 0, 3, 2_048}) {
            assertThatThrownBy(() -> new StoreSettings(segments, PolicyKind.LRU, FenceLimits.DEFAULTS))
                    .hasMessageContaining("segments is " + segments);
        }
        assertThatThrownBy(() -> new TimeToLive(Duration.ZERO, Duration.ZERO)).hasMessageContaining("greater than 0");
    }

    @Test
    void keysAndEntriesDoNotPrintTheirBytes() {
        assertThat(new StoreKey(new byte[] {'s', 'e', 'c'}, 255)).hasToString("key#ff");
        assertThat(loaded(UNKNOWN, 0)).hasToString("entry of 10 bytes at []");
    }

    private SegmentedStore store(long capacityBytes, int segments) {
        StoreSettings settings = new StoreSettings(segments, PolicyKind.LRU, FenceLimits.DEFAULTS);
        return SegmentedStore.ofCapacity(capacityBytes, settings, Entries.HASHER, () -> now);
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
