package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.store.policy.Ranks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Beside a plain map of sets, audited after each step. */
final class TagIndexTest {
    private static final int SLOTS = 60;

    /** A walk, and what was in its list when it began and has stayed. */
    private record Watched(long tag, TagIndex.Walk walk, Set<Integer> expected) {}

    private final TagIndex index = new TagIndex(3);
    private final Map<Integer, long[]> bySlot = new HashMap<>();

    @Test
    void everyWalkComesToAllThatWasThereAndStayedWhateverHappensMeanwhile() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            long tag = random.nextInt(6);
            Watched first = watch(tag);
            Watched second = watch(tag);
            for (int step = 0; step < 60; step++) {
                change(random, first, second);
                walkOn(random.nextBoolean() ? first : second);
                audit();
            }
            finish(first);
            finish(second);
        }
        Set.copyOf(bySlot.keySet()).forEach(this::remove);
        audit();
        assertThat(index.tagCount()).isZero();
    }

    private void change(Random random, Watched... watched) {
        int slot = random.nextInt(SLOTS);
        if (bySlot.containsKey(slot)) {
            remove(slot);
            for (Watched each : watched) {
                each.expected.remove(slot);
            }
            return;
        }
        long[] tags = random.longs(0, random.nextBoolean() ? 6 : 1_000_000)
                .distinct()
                .limit(random.nextInt(4))
                .toArray();
        bySlot.put(slot, tags);
        index.add(slot, tags);
    }

    private void remove(int slot) {
        bySlot.remove(slot);
        index.remove(slot);
    }

    private Watched watch(long tag) {
        return new Watched(tag, index.walk(tag), carriers(tag));
    }

    private Set<Integer> carriers(long tag) {
        Set<Integer> carriers = new HashSet<>();
        bySlot.forEach((slot, tags) -> {
            for (long own : tags) {
                if (own == tag) {
                    carriers.add(slot);
                }
            }
        });
        return carriers;
    }

    private int walkOn(Watched watched) {
        int slot = watched.walk.nextSlot();
        assertThat(slot == Ranks.NONE || carriers(watched.tag).contains(slot))
                .as("the slot carries the tag")
                .isTrue();
        watched.expected.remove(slot);
        return slot;
    }

    private void finish(Watched watched) {
        int steps = 0;
        while (walkOn(watched) != Ranks.NONE) {
            assertThat(steps++).as("a walk that does not end").isLessThan(SLOTS);
        }
        watched.walk.end();
        assertThat(watched.expected).as("slots that the walk left out").isEmpty();
    }

    private void audit() {
        index.audit(
                this::tags,
                bySlot.values().stream().mapToInt(tags -> tags.length).sum());
    }

    private long @Nullable [] tags(int slot) {
        return bySlot.get(slot);
    }

    @Test
    void moreTagsThanThereIsRoomForAreRefused() {
        assertThatThrownBy(() -> index.add(1, new long[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("4 tags of a key where there are 3 at most");
    }

    @Test
    void withoutTagsItHasNothing() {
        TagIndex none = new TagIndex(0);
        none.add(5, new long[0]);
        none.remove(5);
        assertThat(none.walk(7).nextSlot()).isEqualTo(Ranks.NONE);
        assertThat(none.tagCount()).isZero();
    }
}
