package io.sluice.store;

import static io.sluice.coherence.SourcePosition.UNKNOWN;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.loaded;
import static io.sluice.store.Entries.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No old value comes in, and no fresh one goes, in the orderings that DESIGN and the fence name. The hold is 100. */
final class StoreCoherenceTest {
    private static final StoreKey KEY = key(1);

    private long now = 1_000;
    private final SegmentedStore store = SegmentedStore.ofCapacity(
            1 << 20,
            new StoreSettings(1, PolicyKind.LRU, new FenceLimits(4, Duration.ofMinutes(1), Duration.ofNanos(100))),
            Entries.HASHER,
            () -> now);

    @AfterEach
    void audit() {
        store.audit();
    }

    @Test
    void lateFillIsRefused() {
        CacheEntry old = loaded(upTo(9), now);
        assertThat(store.remove(KEY, upTo(10))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.put(KEY, old)).isEqualTo(PutResult.REFUSED);
        assertThat(store.get(KEY)).isNull();
        assertThat(store.stats().refused()).isEqualTo(1);
    }

    @Test
    void loadAfterAnEarlyEventIsRefusedAndItsFlightMustNotBeJoined() {
        store.remove(KEY, upTo(10));
        now += 50;
        CacheEntry old = loaded(upTo(9), now);
        assertThat(store.admits(KEY, old.stamp(), old.loadStartNanos())).isFalse();
        assertThat(store.put(KEY, old)).isEqualTo(PutResult.REFUSED);
        CacheEntry fresh = loaded(upTo(10), now);
        assertThat(store.admits(KEY, fresh.stamp(), fresh.loadStartNanos())).isTrue();
        assertThat(store.put(KEY, fresh)).isEqualTo(PutResult.STORED);
    }

    @Test
    void clearingForgetsEntriesAndNoRemove() {
        store.put(KEY, loaded(upTo(9), now));
        store.remove(KEY, upTo(8));
        CacheEntry old = loaded(upTo(7), now);

        store.clear();

        assertThat(store.get(KEY)).isNull();
        assertThat(store.put(KEY, old)).as("older than the Remove").isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(upTo(8), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void clearingLowersNoFloor() {
        store.raiseFloor(upTo(5));
        store.removeAll(upTo(6));

        store.clear();

        assertThat(store.put(KEY, loaded(upTo(5), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(upTo(6), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void lateCopyIsRefused() {
        CacheEntry copy = loaded(upTo(9), now - 500);
        store.put(KEY, loaded(upTo(8), now));
        store.remove(KEY, upTo(10));
        now += 10_000;
        assertThat(store.put(KEY, copy)).isEqualTo(PutResult.REFUSED);
    }

    /** It was sent before the Remove, and came so late that by its own word its load began long after. */
    @Test
    void copyThatCameUnaskedIsRefusedWhereARemoveWithoutPositionCameWhileItMayHaveTravelled() {
        store.remove(KEY, UNKNOWN);
        now += SegmentFence.LONGEST_TRAVEL.toNanos() + 100;
        CacheEntry late = loaded(upTo(9), now);
        assertThat(store.put(KEY, late.withUnsureAge())).isEqualTo(PutResult.REFUSED);
        assertThat(store.putInherited(KEY, late.withUnsureAge())).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, late)).as("asked for").isEqualTo(PutResult.STORED);
        now += 1;
        assertThat(store.put(KEY, loaded(upTo(10), now).withUnsureAge())).isEqualTo(PutResult.STORED);
    }

    @Test
    void copyThatCameUnaskedIsHeldAgainstPositionsByItsStamp() {
        store.remove(KEY, upTo(9));
        assertThat(store.put(KEY, loaded(upTo(8), now).withUnsureAge())).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(upTo(9), now).withUnsureAge())).isEqualTo(PutResult.STORED);
    }

    @Test
    void removeTakesAnEntryItsStampDoesNotCover() {
        store.put(KEY, loaded(upTo(9), now));
        assertThat(store.remove(KEY, upTo(10))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.get(KEY)).isNull();
        assertThat(store.stats().removed()).isEqualTo(1);
    }

    @Test
    void replayOfAnOldRemoveDoesNotEvictAFresherValue() {
        store.remove(KEY, upTo(10));
        store.put(KEY, loaded(upTo(12), now));
        assertThat(store.remove(KEY, upTo(10))).isEqualTo(RemoveResult.COVERED);
        assertThat(store.get(KEY)).isNotNull();
        assertThat(store.stats().covered()).isEqualTo(1);
    }

    @Test
    void aCoveredRemoveIsRememberedAllTheSame() {
        store.put(KEY, loaded(upTo(12), now));
        store.remove(KEY, upTo(10));
        assertThat(store.admits(KEY, upTo(9), now)).isFalse();
    }

    @Test
    void aDelayedCopyDoesNotReplaceAFresherValueBeforeTheRemoveHasCome() {
        CacheEntry fresh = loaded(upTo(12), now);
        store.put(KEY, fresh);
        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.SUPERSEDED);
        assertThat(store.get(KEY)).isNotNull().matches(held -> held.stamp().equals(fresh.stamp()));
        assertThat(store.put(KEY, loaded(upTo(12), now - 1))).isEqualTo(PutResult.STORED);
    }

    @Test
    void withoutStampsTheLaterLoadStays() {
        CacheEntry later = loaded(UNKNOWN, now);
        store.put(KEY, later);
        assertThat(store.put(KEY, loaded(UNKNOWN, now - Entries.TICK))).isEqualTo(PutResult.SUPERSEDED);
        assertThat(store.put(KEY, loaded(UNKNOWN, now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void anExpiredEntrySupersedesNothing() {
        store.put(KEY, Entries.sized(10, upTo(12), now, now + 5 * Entries.TICK));
        now += 5 * Entries.TICK;
        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void overflowOfTheFenceStillRefusesTheLateFill() {
        CacheEntry old = loaded(upTo(9), now);
        store.remove(KEY, upTo(10));
        for (int other = 100; other < 200; other++) {
            store.remove(key(other), upTo(5));
        }
        assertThat(store.put(KEY, old)).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(upTo(10), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void removeWithoutPositionTakesEverythingAndHoldsLoadsOff() {
        CacheEntry late = loaded(upTo(50), now);
        store.put(KEY, loaded(upTo(50), now));
        assertThat(store.remove(KEY, UNKNOWN)).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.get(KEY)).isNull();
        now += 100;
        assertThat(store.put(KEY, late)).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(UNKNOWN, now))).isEqualTo(PutResult.REFUSED);
        now += 1;
        assertThat(store.put(KEY, late)).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(UNKNOWN, now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void removeTakesAnEntryWithoutStamp() {
        store.put(KEY, loaded(UNKNOWN, now));
        assertThat(store.remove(KEY, upTo(1))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.get(KEY)).isNull();
    }

    @Test
    void afterRemoveAllAnOldFillIsRefusedAndANewOneAdmitted() {
        CacheEntry old = loaded(upTo(9), now);
        store.removeAll(upTo(10));
        assertThat(store.admits(KEY, old.stamp(), old.loadStartNanos())).isFalse();
        assertThat(store.put(KEY, old)).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(upTo(10), now))).isEqualTo(PutResult.STORED);
        assertThat(store.get(KEY)).isNotNull();
    }

    @Test
    void raisedFloorKeepsWhatIsHeldAndRefusesWhatDoesNotCoverIt() {
        store.put(KEY, loaded(upTo(9), now));
        store.raiseFloor(upTo(10));

        assertThat(store.get(KEY)).isNotNull();
        assertThat(store.put(key(2), loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.admits(key(2), upTo(9), now)).isFalse();
        assertThat(store.put(key(2), loaded(upTo(10), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void inheritedEntryPassesARaisedFloorButNoRemove() {
        store.raiseFloor(upTo(10));
        assertThat(store.putInherited(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.STORED);
        assertThat(store.remove(KEY, upTo(10))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.get(KEY)).isNull();
        assertThat(store.putInherited(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);

        store.removeAll(upTo(9));
        assertThat(store.putInherited(key(2), loaded(upTo(8), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.putInherited(key(2), loaded(upTo(9), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void entryThatTheCallerMayNotHoldAnyMoreIsRefused() {
        store.put(KEY, loaded(upTo(5), now));

        assertThat(store.put(KEY, loaded(upTo(9), now), () -> false)).isEqualTo(PutResult.REFUSED);
        assertThat(store.putInherited(key(2), loaded(upTo(9), now), () -> false))
                .isEqualTo(PutResult.REFUSED);
        assertThat(store.get(key(2))).isNull();
        assertThat(store.put(KEY, loaded(upTo(9), now), () -> true)).isEqualTo(PutResult.STORED);
    }

    @Test
    void raisedFloorIsThereBeforeTheNextPutAndNeverSinks() {
        store.raiseFloor(upTo(10));
        store.raiseFloor(upTo(5));

        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);
    }

    @Test
    void phantomsKeepNothingOut() {
        SourcePosition lost = SourcePosition.parse("f0000000-0000-0000-8000-00000000000b:7");
        store.remove(KEY, upTo(10).union(lost));
        store.removeAll(upTo(8).union(lost));
        store.raiseFloor(upTo(9).union(lost));
        assertThat(store.put(KEY, loaded(upTo(20), now))).isEqualTo(PutResult.REFUSED);

        store.exempt(lost);

        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(KEY, loaded(upTo(10), now))).isEqualTo(PutResult.STORED);
        assertThat(store.put(key(2), loaded(upTo(8), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(key(2), loaded(upTo(9), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void floorWithoutPositionHoldsLoadsOffForAWhile() {
        store.raiseFloor(UNKNOWN);
        assertThat(store.put(KEY, loaded(upTo(9), now + 50))).isEqualTo(PutResult.REFUSED);
        now += 101;
        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void removeAllDropsEvenWhatCoversItBecauseHistoryMayHaveBeenReset() {
        store.put(KEY, loaded(upTo(50), now));
        store.removeAll(upTo(10));
        assertThat(store.get(KEY)).isNull();
    }

    @Test
    void anOlderRemoveAllDoesNotLowerTheGroupFloor() {
        store.removeAll(upTo(10));
        store.removeAll(upTo(5));
        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);
    }

    @Test
    void removeAllWithoutPositionHoldsEveryKeyOff() {
        store.removeAll(UNKNOWN);
        now += 100;
        assertThat(store.put(KEY, loaded(upTo(50), now))).isEqualTo(PutResult.REFUSED);
        now += 1;
        assertThat(store.put(KEY, loaded(upTo(50), now))).isEqualTo(PutResult.STORED);
    }

    @Test
    void retainIfForgetsNoRemove() {
        store.remove(KEY, upTo(10));
        store.retainIf(hash -> false);
        assertThat(store.put(KEY, loaded(upTo(9), now))).isEqualTo(PutResult.REFUSED);
    }
}
