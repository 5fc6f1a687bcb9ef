package io.sluice.store.policy;

/**
 * W-TinyLFU (Einziger, Friedman, Manes, "TinyLFU: a highly efficient cache admission policy", ACM Transactions on
 * Storage 2017). A newcomer enters a window ranked by recency. What leaves the window is a candidate for the main
 * space: it is compared with the victim there, and the one that the {@link FrequencySketch} has seen less often goes.
 * So a scan does not wash out what is popular, and a burst still finds its entries in the window, whose share a
 * {@link WindowClimber} fits to the load.
 *
 * <p>The main space is two lists by recency: probation, for those that have just come, and protected, for those used
 * since; what the protected list cannot hold goes back to probation.
 *
 * <p>Not thread-safe. Invariant: once a request is over, the protected list weighs no more than its share, and so does
 * the window when it has more than one entry.
 */
final class WTinyLfuPolicy implements EvictionPolicy {
    private static final int WINDOW = 1;
    private static final int PROBATION = 2;
    private static final int PROTECTED = 3;
    private static final double PROTECTED_SHARE = 0.80;
    private static final int SAMPLES_PER_ENTRY = 10;

    private final Ranks ranks;
    private final RankedList window;
    private final RankedList probation;
    private final RankedList protectedList;
    private final TinyLfuAdmission admission = new TinyLfuAdmission();
    private final WindowClimber climber = new WindowClimber();
    private long capacity;
    private long windowCapacity;
    private long protectedCapacity;
    private int incomingWeight;
    private int candidate = Ranks.NONE;

    WTinyLfuPolicy(Ranks ranks, long capacity) {
        this.ranks = ranks;
        this.window = new RankedList(ranks);
        this.probation = new RankedList(ranks);
        this.protectedList = new RankedList(ranks);
        resize(capacity);
    }

    @Override
    public void missed(long hash, int weight) {
        incomingWeight = weight;
        count(hash, false);
    }

    @Override
    public int evict() {
        if (candidate == Ranks.NONE) {
            shrinkWindow(incomingWeight);
        }
        int victim = probation.oldest();
        int challenger = candidate;
        if (victim == Ranks.NONE) {
            return (protectedList.isEmpty() ? window : protectedList).removeOldest();
        }
        if (challenger == Ranks.NONE || (challenger != victim && isWorthMore(challenger, victim))) {
            probation.remove(victim);
            return victim;
        }
        candidate = ranks.newer(challenger);
        probation.remove(challenger);
        return challenger;
    }

    private boolean isWorthMore(int challenger, int victim) {
        return admission.admits(ranks.hash(challenger), ranks.hash(victim));
    }

    @Override
    public int coldest() {
        if (!probation.isEmpty()) {
            return probation.oldest();
        }
        return protectedList.isEmpty() ? window.oldest() : protectedList.oldest();
    }

    /** Moves what is over the window's share, with what comes in, to probation; the first of these is the candidate. */
    private void shrinkWindow(int incoming) {
        while (!window.isEmpty() && window.weight() + incoming > windowCapacity) {
            int oldest = window.removeOldest();
            ranks.setMark(oldest, PROBATION);
            probation.addNewest(oldest);
            if (candidate == Ranks.NONE) {
                candidate = oldest;
            }
        }
    }

    @Override
    public void added(int slot) {
        shrinkWindow(ranks.weight(slot));
        candidate = Ranks.NONE;
        ranks.setMark(slot, WINDOW);
        window.addNewest(slot);
        incomingWeight = 0;
        admission.ensureRoomFor(size());
    }

    @Override
    public void accessed(int slot, long hash) {
        candidate = Ranks.NONE;
        count(hash, true);
        if (ranks.mark(slot) == PROBATION) {
            probation.remove(slot);
            ranks.setMark(slot, PROTECTED);
            protectedList.addNewest(slot);
            shrinkProtected();
        } else {
            listOf(slot).moveToNewest(slot);
        }
    }

    private void shrinkProtected() {
        while (protectedList.weight() > protectedCapacity) {
            int oldest = protectedList.removeOldest();
            ranks.setMark(oldest, PROBATION);
            probation.addNewest(oldest);
        }
    }

    @Override
    public void replaced(int slot, long hash, int change) {
        listOf(slot).reweigh(change);
        accessed(slot, hash);
        shrinkWindow(0);
        candidate = Ranks.NONE;
        shrinkProtected();
    }

    @Override
    public void removed(int slot) {
        candidate = Ranks.NONE;
        listOf(slot).remove(slot);
    }

    @Override
    public void resize(long newCapacity) {
        capacity = newCapacity;
        share();
    }

    private void count(long hash, boolean hit) {
        int sample = SAMPLES_PER_ENTRY * Math.max(1, size());
        admission.requested(hash, sample);
        if (climber.requested(hit, sample)) {
            share();
        }
    }

    private void share() {
        windowCapacity = Math.max(1, (long) (capacity * climber.share()));
        protectedCapacity = (long) ((capacity - windowCapacity) * PROTECTED_SHARE);
        shrinkProtected();
    }

    private int size() {
        return window.size() + probation.size() + protectedList.size();
    }

    private RankedList listOf(int slot) {
        return switch (ranks.mark(slot)) {
            case WINDOW -> window;
            case PROBATION -> probation;
            default -> protectedList;
        };
    }

    @Override
    public int audit() {
        if (protectedList.weight() > protectedCapacity) {
            throw new IllegalStateException("W-TinyLFU: the protected list weighs more than its share");
        }
        if (candidate != Ranks.NONE && ranks.mark(candidate) != PROBATION) {
            throw new IllegalStateException("W-TinyLFU: the candidate is not on probation");
        }
        return window.audit("W-TinyLFU window", ~0, WINDOW)
                + probation.audit("W-TinyLFU probation", ~0, PROBATION)
                + protectedList.audit("W-TinyLFU protected", ~0, PROTECTED);
    }
}
