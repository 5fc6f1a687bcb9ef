package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.SourcePosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The index beside a plain map, with hashes that crowd. */
final class KeyIndexTest {
    /** Many keys of one hash, and of one bucket. */
    private static final KeyHasher CROWDED = (array, offset, length) -> array[offset] % 5;

    private static StoreKey key(int number) {
        byte[] utf8 = {(byte) number, (byte) (number >>> 8)};
        return new StoreKey(utf8, CROWDED.hash(utf8));
    }

    @Test
    void findsExactlyWhatIsThere() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Slots slots = new Slots(CROWDED, 0);
            KeyIndex index = new KeyIndex(slots);
            Map<StoreKey, Integer> held = new HashMap<>();
            for (int step = 0; step < 2_000; step++) {
                StoreKey key = key(random.nextInt(400));
                Integer slot = held.get(key);
                assertThat(index.find(key)).isEqualTo(slot == null ? NONE : slot);
                if (slot == null) {
                    CacheEntry entry = CacheEntry.missing(SourcePosition.UNKNOWN, 0, 0);
                    int added = slots.add(EntryBytes.of(key.utf8(), entry, 0, 0), entry.stamp());
                    index.add(key.hash(), added);
                    held.put(key, added);
                } else if (random.nextInt(step % 1_000 < 500 ? 3 : 1) == 0) {
                    index.remove(key.hash(), slot);
                    slots.remove(slot);
                    held.remove(key);
                }
                if (step % 50 == 0) {
                    index.audit(held.keySet());
                }
            }
            assertThat(index.size()).isEqualTo(held.size());
        }
    }

    @Test
    void aSlotThatIsNotThereCannotBeRemoved() {
        assertThatThrownBy(() -> new KeyIndex(new Slots(CROWDED, 0)).remove(1, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
