package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever is added comes out when its unit of 128 ticks is over: not before, and not after the budget allows. */
final class TimingWheelTest {
    private static final int UNIT = 128;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Slots slots = new Slots(Entries.HASHER, 0);
    private final List<Integer> expired = new ArrayList<>();

    private int slot(long expiresTick) {
        CacheEntry entry = CacheEntry.missing(SourcePosition.UNKNOWN, 0, 0);
        return slots.add(EntryBytes.of(Entries.key(1).utf8(), entry, (int) expiresTick, 0), entry.stamp());
    }

    private boolean expire(TimingWheel wheel, long nowTick, int budget) {
        return wheel.expire(nowTick, budget, slot -> {
            wheel.remove(slot);
            slots.remove(slot);
            expired.add(slot);
        });
    }

    @Test
    void anEntryExpiresOnceItsUnitIsOver() {
        for (long ahead : new long[] {0, 1, 63, 64, 65, 4_095, 4_096, 262_143, 262_144, 10_000_000}) {
            TimingWheel wheel = new TimingWheel(slots, 0);
            int slot = slot(ahead * UNIT + 5);
            wheel.add(slot);
            expire(wheel, ahead * UNIT + UNIT - 1, NO_LIMIT);
            assertThat(expired).as("%d units ahead", ahead).isEmpty();
            wheel.audit();
            expire(wheel, (ahead + 1) * UNIT, NO_LIMIT);
            assertThat(expired).as("%d units ahead", ahead).containsExactly(slot);
            expired.clear();
        }
    }

    @Test
    void randomEntriesComeOutAsAPlainListWouldGiveThem() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            long now = (long) Integer.MAX_VALUE - random.nextInt(1_000_000);
            TimingWheel wheel = new TimingWheel(slots, now);
            TreeMap<Integer, Long> held = new TreeMap<>();
            for (int step = 0; step < 300; step++) {
                long at = now;
                if (random.nextInt(3) > 0) {
                    long expires = now + (1L << random.nextInt(30)) + random.nextInt(1_000);
                    int slot = slot(expires);
                    wheel.add(slot);
                    held.put(slot, expires);
                } else if (!held.isEmpty()) {
                    int slot = held.firstKey();
                    held.remove(slot);
                    wheel.remove(slot);
                    slots.remove(slot);
                }
                now += 1L << random.nextInt(22);
                assertThat(expire(wheel, now, NO_LIMIT)).isTrue();
                long unit = now / UNIT;
                List<Integer> due = held.entrySet().stream()
                        .filter(entry -> entry.getValue() / UNIT < unit)
                        .map(Map.Entry::getKey)
                        .toList();
                assertThat(expired)
                        .as("seed %d step %d from %d", seed, step, at)
                        .containsExactlyInAnyOrderElementsOf(due);
                held.keySet().removeAll(due);
                expired.clear();
                wheel.audit();
            }
            held.keySet().forEach(slot -> {
                wheel.remove(slot);
                slots.remove(slot);
            });
        }
    }

    @Test
    void aSmallBudgetTakesSeveralCallsAndLosesNothing() {
        TimingWheel wheel = new TimingWheel(slots, 0);
        for (int i = 0; i < 1_000; i++) {
            wheel.add(slot(10_000L * UNIT + i));
        }
        int calls = 1;
        while (!expire(wheel, 20_000L * UNIT, 7)) {
            wheel.audit();
            calls++;
        }
        assertThat(expired).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(calls).isBetween(1_000 / 7, 10_000);
    }
}
