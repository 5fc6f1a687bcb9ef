package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

/**
 * The entry used least often goes first, of these the one not used for longest; with dynamic ageing, so that what was
 * popular long ago does not stay for ever (LFU-DA: Arlitt, Cherkasova, Dilley, Friedrich, Jin, "Evaluating content
 * management techniques for Web proxy caches", 2000).
 *
 * <p>An entry is ranked by <em>level = age of the cache + uses of the entry</em>, taken when it was last used. The age
 * is the level of the last victim, so it rises by evictions alone: an entry that is not used any more keeps its level
 * while the newcomers' levels rise to it and past it. Uses are counted up to 63, which keeps all levels within 64 above
 * the age: a ring of 64 lists and one bit for each that is not empty find the lowest level at once.
 *
 * <p>Not thread-safe. Invariant: an entry's mark is its uses and the slot of its level in the ring.
 */
final class LfuPolicy implements EvictionPolicy {
    private static final int LEVELS = 64;
    private static final int SLOT_MASK = LEVELS - 1;
    private static final int USES_SHIFT = 6;
    private static final int MOST_USES = LEVELS - 1;

    private final RankedList[] levels = new RankedList[LEVELS];
    private long notEmpty;
    private int age;

    LfuPolicy() {
        for (int slot = 0; slot < LEVELS; slot++) {
            levels[slot] = new RankedList();
        }
    }

    @Override
    public void missed(long hash, int weight) {}

    @Override
    public @Nullable Ranked evict() {
        if (notEmpty == 0) {
            return null;
        }
        age += Long.numberOfTrailingZeros(Long.rotateRight(notEmpty, age));
        Ranked victim = levels[age & SLOT_MASK].oldest();
        if (victim != null) {
            removed(victim);
        }
        return victim;
    }

    @Override
    public @Nullable Ranked coldest() {
        int lowest = age + Long.numberOfTrailingZeros(Long.rotateRight(notEmpty, age));
        return levels[lowest & SLOT_MASK].oldest();
    }

    @Override
    public void added(Ranked entry) {
        rank(entry, 1);
    }

    @Override
    public void accessed(Ranked entry) {
        removed(entry);
        rank(entry, Math.min(MOST_USES, (entry.mark >> USES_SHIFT) + 1));
    }

    @Override
    public void replaced(Ranked held, Ranked successor) {
        levels[held.mark & SLOT_MASK].replace(held, successor);
        accessed(successor);
    }

    @Override
    public void removed(Ranked entry) {
        int slot = entry.mark & SLOT_MASK;
        levels[slot].remove(entry);
        if (levels[slot].isEmpty()) {
            notEmpty &= ~(1L << slot);
        }
    }

    private void rank(Ranked entry, int uses) {
        int slot = (age + uses) & SLOT_MASK;
        entry.mark = uses << USES_SHIFT | slot;
        levels[slot].addNewest(entry);
        notEmpty |= 1L << slot;
    }

    @Override
    public void resize(long capacity) {}

    @Override
    public int audit() {
        int count = 0;
        for (int slot = 0; slot < LEVELS; slot++) {
            count += levels[slot].audit("LFU level " + slot, SLOT_MASK, slot);
            if (levels[slot].isEmpty() == ((notEmpty >> slot & 1) == 1)) {
                throw new IllegalStateException("LFU level " + slot + ": its bit is wrong");
            }
        }
        return count;
    }
}
