package io.sluice.store.policy;

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
 * <p>Not thread-safe. Invariant: an entry's mark is its uses and the place of its level in the ring.
 */
final class LfuPolicy implements EvictionPolicy {
    private static final int LEVELS = 64;
    private static final int LEVEL_MASK = LEVELS - 1;
    private static final int USES_SHIFT = 6;
    private static final int MOST_USES = LEVELS - 1;

    private final Ranks ranks;
    private final RankedList[] levels = new RankedList[LEVELS];
    private long notEmpty;
    private int age;

    LfuPolicy(Ranks ranks) {
        this.ranks = ranks;
        for (int level = 0; level < LEVELS; level++) {
            levels[level] = new RankedList(ranks);
        }
    }

    @Override
    public void missed(long hash, int weight) {}

    @Override
    public int evict() {
        if (notEmpty == 0) {
            return Ranks.NONE;
        }
        age += Long.numberOfTrailingZeros(Long.rotateRight(notEmpty, age));
        int victim = levels[age & LEVEL_MASK].oldest();
        removed(victim);
        return victim;
    }

    @Override
    public int coldest() {
        int lowest = age + Long.numberOfTrailingZeros(Long.rotateRight(notEmpty, age));
        return levels[lowest & LEVEL_MASK].oldest();
    }

    @Override
    public void added(int slot) {
        rank(slot, 1);
    }

    @Override
    public void accessed(int slot, long hash) {
        removed(slot);
        rank(slot, Math.min(MOST_USES, (ranks.mark(slot) >> USES_SHIFT) + 1));
    }

    @Override
    public void replaced(int slot, long hash, int change) {
        levels[ranks.mark(slot) & LEVEL_MASK].reweigh(change);
        accessed(slot, hash);
    }

    @Override
    public void removed(int slot) {
        int level = ranks.mark(slot) & LEVEL_MASK;
        levels[level].remove(slot);
        if (levels[level].isEmpty()) {
            notEmpty &= ~(1L << level);
        }
    }

    private void rank(int slot, int uses) {
        int level = (age + uses) & LEVEL_MASK;
        ranks.setMark(slot, uses << USES_SHIFT | level);
        levels[level].addNewest(slot);
        notEmpty |= 1L << level;
    }

    @Override
    public void resize(long capacity) {}

    @Override
    public int audit() {
        int count = 0;
        for (int level = 0; level < LEVELS; level++) {
            count += levels[level].audit("LFU level " + level, LEVEL_MASK, level);
            if (levels[level].isEmpty() == ((notEmpty >> level & 1) == 1)) {
                throw new IllegalStateException("LFU level " + level + ": its bit is wrong");
            }
        }
        return count;
    }
}
