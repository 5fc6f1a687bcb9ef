package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

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

    private final RankedList small = new RankedList();
    private final RankedList main = new RankedList();
    private final Ghosts ghosts = new Ghosts();
    private long smallCapacity;
    private long mainCapacity;
    private boolean missedInGhosts;

    S3FifoPolicy(long capacity) {
        resize(capacity);
    }

    @Override
    public void missed(long hash, int weight) {
        missedInGhosts = ghosts.remove(hash);
    }

    @Override
    public @Nullable Ranked evict() {
        while (!small.isEmpty() || !main.isEmpty()) {
            Ranked victim = isSmallNext() ? evictFromSmall() : evictFromMain();
            if (victim != null) {
                return victim;
            }
        }
        return null;
    }

    private boolean isSmallNext() {
        return (small.weight() >= smallCapacity && !small.isEmpty()) || main.isEmpty();
    }

    @Override
    public @Nullable Ranked coldest() {
        return isSmallNext() ? small.oldest() : main.oldest();
    }

    /** Takes the oldest of the small queue; null when it stays, in the main queue. */
    private @Nullable Ranked evictFromSmall() {
        Ranked oldest = small.removeOldest();
        if (oldest == null || oldest.mark >= USES_TO_STAY) {
            if (oldest != null) {
                oldest.mark = MAIN;
                main.addNewest(oldest);
            }
            return null;
        }
        ghosts.add(oldest.hash(), oldest.weight);
        ghosts.trim(mainCapacity);
        return oldest;
    }

    /** Takes the oldest of the main queue; null when it goes round again. */
    private @Nullable Ranked evictFromMain() {
        Ranked oldest = main.removeOldest();
        if (oldest == null || (oldest.mark & USES_MASK) == 0) {
            return oldest;
        }
        oldest.mark--;
        main.addNewest(oldest);
        return null;
    }

    @Override
    public void added(Ranked entry) {
        entry.mark = missedInGhosts ? MAIN : 0;
        listOf(entry).addNewest(entry);
        missedInGhosts = false;
    }

    @Override
    public void accessed(Ranked entry) {
        if ((entry.mark & USES_MASK) < MOST_USES) {
            entry.mark++;
        }
    }

    @Override
    public void replaced(Ranked held, Ranked successor) {
        listOf(held).replace(held, successor);
        accessed(successor);
    }

    @Override
    public void removed(Ranked entry) {
        listOf(entry).remove(entry);
    }

    @Override
    public void resize(long capacity) {
        smallCapacity = Math.max(1, capacity / SMALL_SHARE);
        mainCapacity = capacity - capacity / SMALL_SHARE;
        ghosts.trim(mainCapacity);
    }

    private RankedList listOf(Ranked entry) {
        return (entry.mark & MAIN) == 0 ? small : main;
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
