package io.sluice.store;

import static io.sluice.store.Entries.HASHER;
import static io.sluice.store.Entries.TICK;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.sized;
import static io.sluice.store.Entries.upTo;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;
import org.junit.jupiter.api.Test;

/** Several groups in one memory: 100 entries of key and value together, and room for 100 of them. */
final class StorePoolTest {
    private static final int ENTRY = SegmentedStore.entryOverheadBytes(PolicyKind.LRU) + 6 + 100;
    private static final StoreSettings SETTINGS = new StoreSettings(2, PolicyKind.LRU, FenceLimits.DEFAULTS);

    private long now = 1_000;
    private final StorePool pool = new StorePool(100L * ENTRY, () -> now);

    private void put(SegmentedStore store, int number) {
        now += TICK;
        store.put(key(100 + number), sized(100, upTo(1), now, Long.MAX_VALUE));
    }

    @Test
    void aBusyGroupTakesRoomOfIdleOnesAndTheSumStaysInBounds() {
        SegmentedStore busy = pool.add(SETTINGS, HASHER);
        SegmentedStore idle = pool.add(SETTINGS, HASHER);
        for (int i = 0; i < 100; i++) {
            put(idle, i);
        }
        for (int i = 0; i < 800; i++) {
            put(busy, i);
            pool.audit();
            assertThat(busy.stats().bytes() + idle.stats().bytes()).isLessThanOrEqualTo(pool.capacityBytes());
        }
        assertThat(busy.stats().entries()).isGreaterThan(70);
        busy.audit();
        idle.audit();
    }

    @Test
    void aGroupThatJoinsGetsItsShare() {
        SegmentedStore first = pool.add(SETTINGS, HASHER);
        for (int i = 0; i < 100; i++) {
            put(first, i);
        }
        assertThat(first.stats().entries()).isGreaterThan(90);
        SegmentedStore second = pool.add(SETTINGS, HASHER);
        assertThat(first.stats().entries()).isLessThanOrEqualTo(50);
        put(second, 1);
        assertThat(second.get(key(101))).isNotNull();
        pool.audit();
    }

    @Test
    void aGroupThatJoinsTakesRoomInProportionAndLeavesTheBusyOneBusy() {
        SegmentedStore busy = pool.add(SETTINGS, HASHER);
        pool.add(SETTINGS, HASHER);
        for (int i = 0; i < 800; i++) {
            put(busy, i);
        }
        long before = busy.stats().entries();
        assertThat(before).isGreaterThan(70);

        pool.add(SETTINGS, HASHER);

        // A fair share would be 33.
        assertThat(busy.stats().entries()).isBetween(before / 2, before * 2 / 3 + 1);
        pool.audit();
    }

    @Test
    void aGroupThatGoesHoldsNothingAndItsRoomIsTakenByTheOthers() {
        SegmentedStore staying = pool.add(SETTINGS, HASHER);
        SegmentedStore going = pool.add(SETTINGS, HASHER);
        for (int i = 0; i < 45; i++) {
            put(staying, i);
            put(going, i);
        }
        long kept = staying.stats().entries();

        pool.remove(going);
        put(going, 50);

        assertThat(going.stats().entries()).isZero();
        assertThat(staying.stats().entries()).as("what stays").isEqualTo(kept);
        for (int i = 0; i < 100; i++) {
            put(staying, i);
        }
        assertThat(staying.stats().entries()).isGreaterThan(90);
        pool.remove(going);
        pool.audit();
        staying.audit();
        going.audit();
    }

    @Test
    void resizingChangesAllGroups() {
        SegmentedStore first = pool.add(SETTINGS, HASHER);
        SegmentedStore second = pool.add(SETTINGS, HASHER);
        for (int i = 0; i < 100; i++) {
            put(first, i);
            put(second, i);
        }
        pool.resize(20L * ENTRY);
        pool.audit();
        assertThat(first.stats().bytes() + second.stats().bytes()).isLessThanOrEqualTo(20L * ENTRY);
        assertThat(first.stats().capacityBytes()).isEqualTo(20L * ENTRY);
    }

    @Test
    void whatExpiredIsReclaimedWithoutBeingAskedFor() {
        SegmentedStore store = pool.add(SETTINGS, HASHER);
        for (int i = 0; i < 20; i++) {
            store.put(key(100 + i), sized(100, upTo(1), now, now + (1 + i % 2 * 10_000) * TICK));
        }
        now += 1_000 * TICK;
        store.reclaimExpired();
        assertThat(store.stats().expired()).isEqualTo(10);
        assertThat(store.stats().entries()).isEqualTo(10);
        store.audit();
    }

    @Test
    void anEntryOutlivesTheWrapOfItsTicksByNothing() {
        SegmentedStore store = pool.add(SETTINGS, HASHER);
        for (int day = 0; day < 100; day++) {
            store.put(key(100), sized(100, upTo(1), now, now + 100_000 * TICK));
            CacheEntry held = requireNonNull(store.get(key(100)));
            assertThat(held.ttlNanos(now)).isEqualTo(100_000 * TICK);
            assertThat(held.ageNanos(now)).isZero();
            now += 99_999 * TICK;
            assertThat(store.get(key(100))).as("day %d", day).isNotNull();
            now += TICK;
            assertThat(store.get(key(100))).as("day %d", day).isNull();
            now += 86_400L * 1_000_000_000 / TICK * TICK;
            store.audit();
        }
    }

    @Test
    void aLongTimeToLiveIsCutToWhatTicksCanTell() {
        SegmentedStore store = pool.add(SETTINGS, HASHER);
        store.put(key(100), sized(100, upTo(1), now, now + Long.MAX_VALUE / 2));
        now += EntryCodec.REACH - TICK;
        assertThat(store.get(key(100))).isNotNull();
        now += TICK;
        assertThat(store.get(key(100))).isNull();
    }

    @Test
    void anEntryDoesNotComeBackWhenTheClockIsTooFarOnToCompareTicks() {
        SegmentedStore store = pool.add(SETTINGS, HASHER);
        for (int days : new int[] {1, 13, 25, 27, 40, 51, 53}) {
            store.put(key(100), sized(100, upTo(1), now, now + 1_000 * TICK));
            now += days * 86_400L * 1_000_000_000;
            assertThat(store.get(key(100))).as("after %d days", days).isNull();
            store.audit();
        }
    }
}
