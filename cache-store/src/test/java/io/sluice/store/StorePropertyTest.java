package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Any sequence of calls, on the store and on {@link StoreModel}; the structure is audited after each call. */
final class StorePropertyTest {
    private static final Duration HOLD = Duration.ofNanos(20 * Entries.TICK);
    private static final int TRIES = 400;
    private static final int STEPS = 150;

    private long now;

    @Provide
    Arbitrary<List<StoreStep>> steps() {
        return StoreStep.any(StoreStep.anyPositions(), Arbitraries.integers().between(1, 8))
                .list()
                .ofSize(STEPS);
    }

    /** With positions and a clock that now and then goes back. */
    @Provide
    Arbitrary<List<StoreStep>> stepsWithJumps() {
        Arbitrary<SourcePosition> known = Arbitraries.integers().between(1, 30).map(Entries::upTo);
        return StoreStep.any(known, Arbitraries.integers().between(-100, 100))
                .list()
                .ofSize(STEPS);
    }

    @Property(tries = TRIES)
    void behavesExactlyLikeTheModel(
            @ForAll("steps") List<StoreStep> steps, @ForAll @IntRange(max = 2_000) int capacity) {
        FenceLimits remembersAll = new FenceLimits(1_000, Duration.ofDays(1), HOLD);
        SegmentedStore store = store(capacity, new StoreSettings(1, PolicyKind.LRU, remembersAll));
        StoreModel model = new StoreModel(capacity, HOLD.toNanos());
        for (StoreStep step : steps) {
            // A tick each: of two reads of an entry in one, the store tells its policy of the first.
            doBoth(new StoreStep.Pass(1), store, model);
            doBoth(step, store, model);
            store.audit();
            assertThat(store.stats().bytes()).isEqualTo(model.stats().bytes());
            assertThat(store.stats().entries()).isEqualTo(model.stats().entries());
        }
        Statistics.label("tag removes").coverage(seen -> {
            for (RemoveResult result : RemoveResult.values()) {
                seen.check(result).percentage(share -> share > 0.5);
            }
        });
        Statistics.label("puts").coverage(seen -> {
            for (PutResult result : PutResult.values()) {
                seen.check(result).percentage(share -> share > 0.5);
            }
        });
    }

    private SegmentedStore store(long capacity, StoreSettings settings) {
        now = 0;
        return SegmentedStore.ofCapacity(capacity, settings, Entries.HASHER, Entries.TAGS, () -> now);
    }

    private long before(int ticks) {
        return now - ticks * Entries.TICK;
    }

    private void doBoth(StoreStep step, SegmentedStore store, StoreModel model) {
        switch (step) {
            case StoreStep.Get(StoreKey key) -> assertSame(store.get(key), model.get(key));
            case StoreStep.Peek(StoreKey key) -> assertSame(store.peek(key), model.peek(key));
            case StoreStep.Put put -> {
                PutResult result = store.put(put.key(), put.entry(now));
                assertThat(result).isEqualTo(model.put(put.key(), put.entry(now)));
                Statistics.label("puts").collect(result);
            }
            case StoreStep.Remove(StoreKey key, SourcePosition position) ->
                assertThat(store.remove(key, position)).isEqualTo(model.remove(key, position));
            case StoreStep.RemoveTag(long tag, SourcePosition position) -> {
                RemoveResult result = store.removeTag(tag, position);
                assertThat(result).isEqualTo(model.removeTag(tag, position));
                Statistics.label("tag removes").collect(result);
            }
            case StoreStep.RemoveAll(SourcePosition position) -> {
                store.removeAll(position);
                model.removeAll(position);
            }
            case StoreStep.RaiseFloor(SourcePosition position) -> {
                store.raiseFloor(position);
                model.raiseFloor(position);
            }
            case StoreStep.Admits(StoreKey key, SourcePosition stamp, int ago) ->
                assertThat(store.admits(key, stamp, before(ago))).isEqualTo(model.admits(key, stamp, before(ago)));
            case StoreStep.RetainAbove(long kept) -> {
                store.retainIf(hash -> hash > kept);
                model.retainIf(hash -> hash > kept);
            }
            case StoreStep.Pass(int ticks) -> {
                now += ticks * Entries.TICK;
                model.setNow(now);
            }
        }
    }

    private static void assertSame(@Nullable CacheEntry held, @Nullable CacheEntry expected) {
        assertThat(held == null).isEqualTo(expected == null);
        if (held != null && expected != null) {
            assertThat(held.value()).isEqualTo(expected.value());
            assertThat(held.found()).isEqualTo(expected.found());
            assertThat(held.stamp()).isEqualTo(expected.stamp());
            assertThat(held.loadStartNanos()).isEqualTo(expected.loadStartNanos());
            assertThat(held.expiresAtNanos()).isEqualTo(expected.expiresAtNanos());
        }
    }

    @Property(tries = TRIES)
    void withATinyFenceNothingOldIsEverHeldOrReturned(
            @ForAll("steps") List<StoreStep> steps,
            @ForAll PolicyKind policy,
            @ForAll @IntRange(max = 20_000) int capacity,
            @ForAll @IntRange(max = 2) int segmentsAsPowerOfTwo,
            @ForAll @IntRange(min = 1, max = 3) int records,
            @ForAll @IntRange(min = 1, max = 100) int maxAge) {
        FenceLimits forgetful = new FenceLimits(records, Duration.ofNanos(maxAge * Entries.TICK), HOLD);
        runSafely(steps, capacity, new StoreSettings(1 << segmentsAsPowerOfTwo, policy, forgetful));
    }

    @Property(tries = TRIES)
    void withPositionsNothingOldIsHeldEvenWhileTheClockJumpsBackAndForth(
            @ForAll("stepsWithJumps") List<StoreStep> steps,
            @ForAll PolicyKind policy,
            @ForAll @IntRange(max = 20_000) int capacity,
            @ForAll @IntRange(max = 2) int segmentsAsPowerOfTwo,
            @ForAll @IntRange(min = 1, max = 3) int records) {
        FenceLimits forgetful = new FenceLimits(records, Duration.ofNanos(50 * Entries.TICK), HOLD);
        runSafely(steps, capacity, new StoreSettings(1 << segmentsAsPowerOfTwo, policy, forgetful));
    }

    /** The model only judges: whatever the store holds must pass every Remove there ever was. */
    private void runSafely(List<StoreStep> steps, long capacity, StoreSettings settings) {
        SegmentedStore store = store(capacity, settings);
        StoreModel model = new StoreModel(Long.MAX_VALUE, HOLD.toNanos());
        for (StoreStep step : steps) {
            switch (step) {
                case StoreStep.Put put -> store.put(put.key(), put.entry(now));
                case StoreStep.Remove(StoreKey key, SourcePosition position) -> {
                    store.remove(key, position);
                    model.remove(key, position);
                }
                case StoreStep.RemoveTag(long tag, SourcePosition position) -> {
                    store.removeTag(tag, position);
                    model.removeTag(tag, position);
                }
                case StoreStep.RemoveAll(SourcePosition position) -> {
                    store.removeAll(position);
                    model.removeAll(position);
                }
                case StoreStep.Pass(int ticks) -> {
                    now += ticks * Entries.TICK;
                    model.setNow(now);
                }
                case StoreStep.RetainAbove(long kept) -> store.retainIf(hash -> hash > kept);
                case StoreStep.RaiseFloor(SourcePosition position) -> store.raiseFloor(position);
                case StoreStep.Get(StoreKey key) -> assertAllowed(store.get(key), key, model);
                case StoreStep.Peek(StoreKey key) -> assertAllowed(store.peek(key), key, model);
                case StoreStep.Admits(StoreKey key, SourcePosition stamp, int ago) -> {
                    if (store.admits(key, stamp, before(ago))) {
                        assertThat(model.admits(key, stamp, before(ago))).isTrue();
                    }
                }
            }
            store.audit();
            assertThat(store.stats().bytes()).isLessThanOrEqualTo(capacity);
        }
        for (int key = 0; key < StoreStep.KEYS; key++) {
            assertAllowed(store.get(Entries.key(key)), Entries.key(key), model);
        }
    }

    private void assertAllowed(@Nullable CacheEntry held, StoreKey key, StoreModel model) {
        Statistics.label("gets").collect(held == null ? "miss" : "hit");
        Statistics.label("gets").coverage(seen -> seen.check("hit").percentage(share -> share > 1));
        if (held != null) {
            assertThat(model.admits(key, held.stamp(), held.loadStartNanos()))
                    .as("an old value is held")
                    .isTrue();
            assertThat(held.isExpired(now)).as("an expired value is held").isFalse();
        }
    }
}
