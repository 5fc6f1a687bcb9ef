package io.sluice.store;

import static io.sluice.store.Entries.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random operations, from seeds, on the store and on {@link StoreModel}; the structure is audited after each. */
final class StoreModelTest {
    private static final long HOLD = 20;
    private static final int STEPS = 300;

    private final Map<PutResult, Integer> outcomes = new EnumMap<>(PutResult.class);
    private long now;

    @Test
    void behavesExactlyLikeTheModel() {
        for (int seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            now = 0;
            long capacity = random.nextInt(8 * (SegmentedStore.ENTRY_OVERHEAD_BYTES + 60));
            FenceLimits remembersAll = new FenceLimits(1_000, Duration.ofDays(1), Duration.ofNanos(HOLD));
            SegmentedStore store =
                    new SegmentedStore(new StoreSettings(capacity, 1, PolicyKind.LRU, remembersAll), () -> now);
            runExactly(seed, random, store, new StoreModel(capacity, HOLD));
        }
        assertThat(outcomes.keySet()).containsExactlyInAnyOrder(PutResult.values());
        assertThat(outcomes.values()).allMatch(times -> times > 500);
    }

    private void runExactly(int seed, Random random, SegmentedStore store, StoreModel model) {
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(4);
            model.setNow(now);
            String at = "seed " + seed + " step " + step;
            StoreKey key = key(random.nextInt(12));
            SourcePosition position = position(random);
            switch (random.nextInt(20)) {
                case 0 -> {
                    int what = random.nextInt(10);
                    if (what < 2) {
                        store.removeAll(position);
                        model.removeAll(position);
                    } else if (what == 2) {
                        store.raiseFloor(position);
                        model.raiseFloor(position);
                    }
                }
                case 1 -> {
                    long kept = random.nextLong();
                    store.retainIf(hash -> hash > kept);
                    model.retainIf(hash -> hash > kept);
                }
                case 2, 3, 4 -> assertThat(store.remove(key, position)).as(at).isEqualTo(model.remove(key, position));
                case 5 -> {
                    long began = now - random.nextInt(50);
                    assertThat(store.admits(key, position, began)).as(at).isEqualTo(model.admits(key, position, began));
                }
                case 6, 7, 8, 9, 10, 11, 12 -> assertThat(store.get(key)).as(at).isSameAs(model.get(key));
                default -> {
                    CacheEntry entry =
                            entry(random, random.nextBoolean() ? position : Entries.upTo(35 + random.nextInt(20)));
                    boolean inherited = random.nextInt(4) == 0;
                    PutResult result = inherited ? store.putInherited(key, entry) : store.put(key, entry);
                    assertThat(result)
                            .as(at)
                            .isEqualTo(inherited ? model.putInherited(key, entry) : model.put(key, entry));
                    outcomes.merge(result, 1, Integer::sum);
                }
            }
            store.audit();
            assertThat(store.stats().bytes()).as(at).isEqualTo(model.stats().bytes());
            assertThat(store.stats().entries()).as(at).isEqualTo(model.stats().entries());
        }
    }

    @Test
    void withATinyFenceNothingOldIsEverHeldOrReturned() {
        assertThat(runSafely(false)).isGreaterThan(1_000);
    }

    @Test
    void withPositionsNothingOldIsHeldEvenWhileTheClockJumpsBackAndForth() {
        assertThat(runSafely(true)).isGreaterThan(1_000);
    }

    private int runSafely(boolean clockJumps) {
        int hits = 0;
        for (int seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            now = 0;
            FenceLimits forgetful =
                    new FenceLimits(1 + seed % 3, Duration.ofNanos(1 + seed % 100), Duration.ofNanos(HOLD));
            SegmentedStore store = new SegmentedStore(
                    new StoreSettings(random.nextInt(20_000), 1 << seed % 3, PolicyKind.LRU, forgetful), () -> now);
            hits += runSafely(seed, random, store, clockJumps);
        }
        return hits;
    }

    /** The model is asked only what it would admit: whatever the store holds must pass every Remove there ever was. */
    private int runSafely(int seed, Random random, SegmentedStore store, boolean clockJumps) {
        StoreModel model = new StoreModel(Long.MAX_VALUE, HOLD);
        int hits = 0;
        for (int step = 0; step < STEPS; step++) {
            now += clockJumps && random.nextInt(10) == 0 ? random.nextInt(200) - 100 : random.nextInt(4);
            model.setNow(now);
            StoreKey key = key(random.nextInt(12));
            SourcePosition position = clockJumps ? Entries.upTo(1 + random.nextInt(30)) : position(random);
            int choice = random.nextInt(20);
            if (choice == 0) {
                store.removeAll(position);
                model.removeAll(position);
            } else if (choice < 5) {
                store.remove(key, position);
                model.remove(key, position);
            } else if (choice < 12) {
                store.put(key, entry(random, position));
            }
            store.audit();
            CacheEntry held = store.get(key);
            if (held != null) {
                hits++;
                assertThat(model.admits(key, held.stamp(), held.loadStartNanos()))
                        .as("seed %d step %d: an old value is held", seed, step)
                        .isTrue();
            }
        }
        return hits;
    }

    private CacheEntry entry(Random random, SourcePosition stamp) {
        long began = now - random.nextInt(50);
        long expires = now + random.nextInt(200) - 5;
        if (random.nextInt(5) == 0) {
            return CacheEntry.missing(stamp, began, expires);
        }
        int bytes = random.nextInt(10) == 0 ? random.nextInt(4_000) : random.nextInt(100);
        return Entries.sized(bytes, stamp, began, expires);
    }

    private static SourcePosition position(Random random) {
        int last = 1 + random.nextInt(30);
        return switch (random.nextInt(6)) {
            case 0 -> SourcePosition.UNKNOWN;
            case 1 -> SourcePosition.parse(Entries.SERVER + ":" + last + "-" + (last + 3));
            case 2 -> Entries.upTo(last).union(SourcePosition.parse("f0000000-0000-0000-8000-00000000000b:1-" + last));
            default -> Entries.upTo(last);
        };
    }
}
