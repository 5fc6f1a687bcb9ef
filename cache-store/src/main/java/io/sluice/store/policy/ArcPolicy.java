package io.sluice.store.policy;

/**
 * ARC (Megiddo and Modha, "ARC: A Self-Tuning, Low Overhead Replacement Cache", FAST 2003, figure 4), with the paper's
 * names and cases.
 *
 * <p>T1 holds what was asked for once lately, T2 what was asked for more often, each in order of use; B1 and B2
 * remember what went from T1 and T2. {@code p}, a real number, is how much of the capacity {@code c} T1 should have: a
 * hit in B1 says that T1 was too small, one in B2 that T2 was. Where the paper counts pages, this adds up weights, and
 * learns by the weight of the page; with weights of 1 it is the paper's algorithm.
 *
 * <p>Not thread-safe. Invariants, once a request is over: T1 and B1 weigh at most {@code c} and all four at most
 * {@code 2c}, as far as letting ghosts go can achieve it; {@code 0 <= p <= c}.
 */
final class ArcPolicy implements EvictionPolicy {
    private static final int T1 = 1;
    private static final int T2 = 2;

    private final Ranks ranks;
    private final RankedList t1;
    private final RankedList t2;
    private final Ghosts b1 = new Ghosts();
    private final Ghosts b2 = new Ghosts();
    private long c;
    private double p;
    private boolean missedInB1;
    private boolean missedInB2;

    ArcPolicy(Ranks ranks, long capacity) {
        this.ranks = ranks;
        this.t1 = new RankedList(ranks);
        this.t2 = new RankedList(ranks);
        this.c = capacity;
    }

    /** Case I: the page is in T1 or T2. */
    @Override
    public void accessed(int slot, long hash) {
        listOf(slot).remove(slot);
        ranks.setMark(slot, T2);
        t2.addNewest(slot);
        boundGhosts();
    }

    /**
     * Case II, in B1; case III, in B2; case IV, in none: adaptation. What is left of the cases is done in other calls.
     */
    @Override
    public void missed(long hash, int weight) {
        missedInB1 = b1.contains(hash);
        missedInB2 = !missedInB1 && b2.contains(hash);
        if (missedInB1) {
            double delta1 = Math.max(1.0, (double) b2.weight() / b1.weight());
            p = Math.min((double) c, p + delta1 * weight);
            b1.remove(hash);
        } else if (missedInB2) {
            double delta2 = Math.max(1.0, (double) b1.weight() / b2.weight());
            p = Math.max(0, p - delta2 * weight);
            b2.remove(hash);
        }
    }

    /**
     * REPLACE. Case IV A drops a page of T1 without a ghost when T1 is all there is; here its ghost is made and goes at
     * once by the bound.
     */
    @Override
    public int evict() {
        boolean fromT1 = isT1Next();
        int victim = (fromT1 ? t1 : t2).removeOldest();
        if (victim != Ranks.NONE) {
            (fromT1 ? b1 : b2).add(ranks.hash(victim), ranks.weight(victim));
            boundGhosts();
        }
        return victim;
    }

    private boolean isT1Next() {
        boolean large = t1.weight() > p || (missedInB2 && t1.weight() == p);
        return (large && !t1.isEmpty()) || t2.isEmpty();
    }

    @Override
    public int coldest() {
        return isT1Next() ? t1.oldest() : t2.oldest();
    }

    /** The end of cases II and III, to T2, and of case IV, to T1. */
    @Override
    public void added(int slot) {
        boolean again = missedInB1 || missedInB2;
        ranks.setMark(slot, again ? T2 : T1);
        listOf(slot).addNewest(slot);
        missedInB1 = false;
        missedInB2 = false;
        boundGhosts();
    }

    /** Case IV's rule: T1 and B1 at most {@code c}, all together at most {@code 2c}. */
    private void boundGhosts() {
        b1.trim(Math.max(0, c - t1.weight()));
        b2.trim(Math.max(0, 2 * c - t1.weight() - t2.weight() - b1.weight()));
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
        c = capacity;
        p = Math.min(p, (double) c);
        boundGhosts();
    }

    private RankedList listOf(int slot) {
        return ranks.mark(slot) == T1 ? t1 : t2;
    }

    /** The adaptation target: what T1 should weigh. */
    double target() {
        return p;
    }

    @Override
    public int audit() {
        int count = t1.audit("ARC T1", ~0, T1) + t2.audit("ARC T2", ~0, T2);
        b1.audit("ARC B1");
        b2.audit("ARC B2");
        check(p >= 0 && p <= c, "p is not within the capacity");
        check(b1.size() == 0 || t1.weight() + b1.weight() <= c, "T1 and B1 weigh more than c");
        long all = t1.weight() + t2.weight() + b1.weight() + b2.weight();
        check(b2.size() == 0 || all <= 2 * c, "all four lists weigh more than 2c");
        return count;
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException("ARC: " + violation);
        }
    }
}
