package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

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

    private final RankedList window = new RankedList();
    private final RankedList probation = new RankedList();
    private final RankedList protectedList = new RankedList();
    private final TinyLfuAdmission admission = new TinyLfuAdmission();
    private final WindowClimber climber = new WindowClimber();
    private long capacity;
    private long windowCapacity;
    private long protectedCapacity;
    private int incomingWeight;
    private @Nullable Ranked candidate;

    WTinyLfuPolicy(long capacity) {
        resize(capacity);
    }

    @Override
    public void missed(long hash, int weight) {
        incomingWeight = weight;
        count(hash, false);
    }

    @Override
    public @Nullable Ranked evict() {
        if (candidate == null) {
            shrinkWindow(incomingWeight);
        }
        Ranked victim = probation.oldest();
        Ranked challenger = candidate;
        if (victim == null) {
            return firstOf(protectedList, window);
        }
        if (challenger == null || (challenger.older != null && admission.admits(challenger.hash(), victim.hash()))) {
            probation.remove(victim);
            return victim;
        }
        candidate = challenger.newer;
        probation.remove(challenger);
        return challenger;
    }

    @Override
    public @Nullable Ranked coldest() {
        if (!probation.isEmpty()) {
            return probation.oldest();
        }
        return protectedList.isEmpty() ? window.oldest() : protectedList.oldest();
    }

    private static @Nullable Ranked firstOf(RankedList first, RankedList second) {
        return first.isEmpty() ? second.removeOldest() : first.removeOldest();
    }

    /** Moves what is over the window's share, with what comes in, to probation; the first of these is the candidate. */
    private void shrinkWindow(int incoming) {
        while (!window.isEmpty() && window.weight() + incoming > windowCapacity) {
            Ranked oldest = window.removeOldest();
            if (oldest != null) {
                oldest.mark = PROBATION;
                probation.addNewest(oldest);
                if (candidate == null) {
                    candidate = oldest;
                }
            }
        }
    }

    @Override
    public void added(Ranked entry) {
        shrinkWindow(entry.weight);
        candidate = null;
        entry.mark = WINDOW;
        window.addNewest(entry);
        incomingWeight = 0;
        admission.ensureRoomFor(size());
    }

    @Override
    public void accessed(Ranked entry) {
        candidate = null;
        count(entry.hash(), true);
        if (entry.mark == PROBATION) {
            probation.remove(entry);
            entry.mark = PROTECTED;
            protectedList.addNewest(entry);
            shrinkProtected();
        } else {
            listOf(entry).moveToNewest(entry);
        }
    }

    private void shrinkProtected() {
        while (protectedList.weight() > protectedCapacity) {
            Ranked oldest = protectedList.removeOldest();
            if (oldest == null) {
                return;
            }
            oldest.mark = PROBATION;
            probation.addNewest(oldest);
        }
    }

    @Override
    public void replaced(Ranked held, Ranked successor) {
        listOf(held).replace(held, successor);
        accessed(successor);
        shrinkWindow(0);
        candidate = null;
        shrinkProtected();
    }

    @Override
    public void removed(Ranked entry) {
        candidate = null;
        listOf(entry).remove(entry);
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

    private RankedList listOf(Ranked entry) {
        return switch (entry.mark) {
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
        if (candidate != null && candidate.mark != PROBATION) {
            throw new IllegalStateException("W-TinyLFU: the candidate is not on probation");
        }
        return window.audit("W-TinyLFU window", ~0, WINDOW)
                + probation.audit("W-TinyLFU probation", ~0, PROBATION)
                + protectedList.audit("W-TinyLFU protected", ~0, PROTECTED);
    }
}
