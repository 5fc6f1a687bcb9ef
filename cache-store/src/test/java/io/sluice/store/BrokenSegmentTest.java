package io.sluice.store;

import static io.sluice.store.Entries.TICK;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.loaded;
import static io.sluice.store.Entries.sharedTag;
import static io.sluice.store.Entries.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.FenceLimits;
import io.sluice.store.policy.PolicyKind;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory runs out in the middle of a change: whatever is lost, nothing old is answered and the store goes on. */
final class BrokenSegmentTest {
    private long now = 1_000;
    private int failIn = Integer.MAX_VALUE;

    private final KeyHasher failing = (array, offset, length) -> {
        if (--failIn == 0) {
            throw new OutOfMemoryError("as if");
        }
        return Entries.HASHER.hash(array, offset, length);
    };

    private SegmentedStore store(PolicyKind kind) {
        StoreSettings settings = new StoreSettings(1, kind, FenceLimits.DEFAULTS);
        return SegmentedStore.ofCapacity(40_000, settings, failing, Entries.TAGS, () -> now);
    }

    @ParameterizedTest
    @EnumSource
    void aRemoveThatFailedHalfwayLeavesNothingToBeAnswered(PolicyKind kind) {
        SegmentedStore store = store(kind);
        for (int number = 0; number < 10; number++) {
            store.put(key(number), loaded(upTo(1), now));
        }
        failIn = 1;
        assertThatThrownBy(() -> store.remove(key(3), upTo(2))).isInstanceOf(OutOfMemoryError.class);
        assertThat(store.get(key(3))).isNull();
        assertThat(store.remove(key(3), upTo(2))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.put(key(3), loaded(upTo(1), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(key(3), loaded(upTo(2), now))).isEqualTo(PutResult.STORED);
        assertThat(store.get(key(3))).isNotNull();
        store.audit();
    }

    @ParameterizedTest
    @EnumSource
    void aRemoveOfATagThatFailedHalfwayLeavesNothingToBeAnswered(PolicyKind kind) {
        SegmentedStore store = store(kind);
        for (int number = 1; number < 100; number++) {
            store.put(key(number), loaded(upTo(1), now));
        }
        failIn = 10;
        assertThatThrownBy(() -> store.removeTag(sharedTag(1), upTo(2))).isInstanceOf(OutOfMemoryError.class);
        assertThat(store.get(key(1))).isNull();
        assertThat(store.get(key(99))).isNull();
        assertThat(store.put(key(1), loaded(upTo(1), now))).isEqualTo(PutResult.REFUSED);
        assertThat(store.put(key(2), loaded(upTo(1), now))).isEqualTo(PutResult.STORED);
        assertThat(store.removeTag(sharedTag(1), upTo(2))).isEqualTo(RemoveResult.REMOVED);
        assertThat(store.get(key(2))).isNotNull();
        store.audit();
    }

    @ParameterizedTest
    @EnumSource
    void whereverItFailsTheStructureIsWholeAfterwards(PolicyKind kind) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SegmentedStore store = store(kind);
            failIn = 1 + random.nextInt(300);
            int failures = 0;
            for (int step = 0; step < 400; step++) {
                now += TICK;
                StoreKey key = key(random.nextInt(300));
                try {
                    if (random.nextInt(20) == 0) {
                        store.removeTag(sharedTag(random.nextInt(2)), upTo(step + 2));
                    } else if (random.nextInt(4) == 0) {
                        store.remove(key, upTo(step + 2));
                    } else if (store.get(key) == null) {
                        store.put(key, loaded(upTo(step + 2), now));
                    }
                } catch (OutOfMemoryError e) {
                    failures++;
                    failIn = 1 + random.nextInt(300);
                }
            }
            failIn = Integer.MAX_VALUE;
            assertThat(failures).as("seed %d", seed).isPositive();
            store.remove(key(0), upTo(500));
            store.audit();
            for (int number = 0; number < 300; number++) {
                store.remove(key(number), upTo(500));
                assertThat(store.get(key(number))).isNull();
            }
            assertThat(store.stats().entries()).isZero();
        }
    }
}
