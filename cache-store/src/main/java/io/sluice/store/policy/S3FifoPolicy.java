package io.sluice.store.policy;

/**
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023): three queues.
 * A newcomer enters the small queue S, a tenth of the capacity; at its end it moves to the main queue M if it was used
 * at least twice meanwhile, else it goes and the ghost queue G remembers it. What G remembers enters M at once. At the
 * end of M an entry goes round again for each of its uses, three at most.
 *
 * <p>Not thread-safe; a hit only counts. One eviction may pass over many used entries, each hit pays for one pass at
 * most. Invariant: G weighs no more than M may.
 */
final class S3FifoPolicy implements EvictionPolicy {
    private static final int SMALL_SHARE = 10;
    private static final int MAIN = 4;
    private static final int USES_MASK = 3;
    private static final int MOST_USES = 3;
    private static final int USES_TO_STAY = 2;

    private final Ranks ranks;
    private final RankedList small;
    private final RankedList main;
    private final Ghosts ghosts = new Ghosts();
    private long smallCapacity;
    private long mainCapacity;
    private boolean missedInGhosts;

    S3FifoPolicy(Ranks ranks, long capacity) {
        this.ranks = ranks;
        this.small = new RankedList(ranks);
        this.main = new RankedList(ranks);
        resize(capacity);
    }

    @Override
    public void missed(long hash, int weight) {
        missedInGhosts = ghosts.remove(hash);
    }

    @Override
    public int evict() {
        while (!small.isEmpty() || !main.isEmpty()) {
            int victim = isSmallNext() ? evictFromSmall() : evictFromMain();
            if (victim != Ranks.NONE) {
                return victim;
            }
        }
        return Ranks.NONE;
    }

    private boolean isSmallNext() {
        return (small.weight() >= smallCapacity && !small.isEmpty()) || main.isEmpty();
    }

    @Override
    public int coldest() {
        return isSmallNext() ? small.oldest() : main.oldest();
    }

    /** Takes the oldest of the small queue; NONE when it stays, in the main queue. */
    private int evictFromSmall() {
        int oldest = small.removeOldest();
        if (ranks.mark(oldest) >= USES_TO_STAY) {
            ranks.setMark(oldest, MAIN);
            main.addNewest(oldest);
            return Ranks.NONE;
        }
        ghosts.add(ranks.hash(oldest), ranks.weight(oldest));
        ghosts.trim(mainCapacity);
        return oldest;
    }

    /** Takes the oldest of the main queue; NONE when it goes round again. */
    private int evictFromMain() {
        int oldest = main.removeOldest();
        int mark = ranks.mark(oldest);
        if ((mark & USES_MASK) == 0) {
            return oldest;
        }
        ranks.setMark(oldest, mark - 1);
        main.addNewest(oldest);
        return Ranks.NONE;
    }

    @Override
    public void added(int slot) {
        ranks.setMark(slot, missedInGhosts ? MAIN : 0);
        listOf(slot).addNewest(slot);
        missedInGhosts = false;
    }

    @Override
    public void accessed(int slot, long hash) {
        int mark = ranks.mark(slot);
        if ((mark & USES_MASK) < MOST_USES) {
            ranks.setMark(slot, mark + 1);
        }
    }

    @Override
    public void replaced(int slot, long hash, int change) {
        listOf(slot).reweigh(change);
        accessed(slot, hash);
    }

    @Override
    public void removed(int slot) {
        listOf(slot).remove(slot);
    }

    @Override
    public void resize(long capacity) {
        smallCapacity = Math.max(1, capacity / SMALL_SHARE);
        mainCapacity = capacity - capacity / SMALL_SHARE;
        ghosts.trim(mainCapacity);
    }

    private RankedList listOf(int slot) {
        return (ranks.mark(slot) & MAIN) == 0 ? small : main;
    }

    @Override
    public int audit() {
        ghosts.audit("S3-FIFO ghosts");
        if (ghosts.weight() > mainCapacity) {
            throw new IllegalStateException("S3-FIFO ghosts: more than the main queue may hold");
        }
        return small.audit("S3-FIFO small queue", MAIN, 0) + main.audit("S3-FIFO main queue", MAIN, MAIN);
    }
}
