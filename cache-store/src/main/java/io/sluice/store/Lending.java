package io.sluice.store;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Collaborative eviction: segments lend each other parts of their shares. A full segment first looks for free room at a
 * few others. After a put that left it full, it looks at a few others' next victims; if the oldest of them has not been
 * used for clearly longer than its own, that one goes and its place is lent. So a segment with much to do grows while
 * others have less to lose, and a skewed load comes near the hit ratio of one large segment. After a newcomer that its
 * own policy turned away again only segments as good as idle are asked: else each would get in at others' expense.
 *
 * <p>Safe for use by many threads. Looking takes no lock; lending and borrowing take one segment's lock each, one after
 * the other, so there is nothing to wait for in a circle. What is on its way belongs to neither, so the shares never
 * sum up to more than the capacity. The work is bounded: a few looks, one loan before a put and one after; only a
 * segment whose share is smaller than the entry asks each of the others once. A segment that gets no loan makes room by
 * itself, so no put depends on others.
 */
final class Lending {
    private static final int LOOKS = 2;

    /** How many times older a victim must be than one's own: with less, segments ranked by use pay for nothing. */
    private static final double OLDER = 1.5;

    /** The same where only a newcomer went that its policy turned away: the others must be as good as idle. */
    private static final double MUCH_OLDER = 8;

    private final Ticks ticks;
    private volatile Segment[] segments = {};

    Lending(Ticks ticks) {
        this.ticks = ticks;
    }

    /** Those that lend to each other from now on. */
    void among(Segment[] all) {
        segments = all;
    }

    /** Before a put: lends it free room of others, and makes its share large enough for the entry. */
    void makeRoom(Segment own, long needed, long clockNanos) {
        Segment[] all = segments;
        Offer mine = own.offer();
        if (all.length <= 1 || mine.free() >= needed) {
            return;
        }
        for (int look = 0; look < LOOKS; look++) {
            Segment other = any(all);
            if (other != own && other.offer().free() >= needed) {
                move(other, own, needed, Integer.MAX_VALUE, clockNanos);
                break;
            }
        }
        if (mine.share() < needed) {
            reclaim(all, own, needed, clockNanos);
        }
    }

    /** Asks every other segment in turn, whatever the age of its victims, until the entry fits the share. */
    private void reclaim(Segment[] all, Segment own, long needed, long clockNanos) {
        long wanted = needed - own.share();
        for (int i = 0; i < all.length && wanted > 0 && needed <= own.fairShare(); i++) {
            if (all[i] != own) {
                move(all[i], own, wanted, 0, clockNanos);
                wanted = needed - own.share();
            }
        }
    }

    /** After a put that left it full: the place of an older entry goes over to this segment. */
    void settle(Segment own, long lost, long clockNanos) {
        Segment[] all = segments;
        Offer mine = own.offer();
        if (all.length <= 1 || mine.free() >= lost) {
            return;
        }
        double times = mine.pressed() ? OLDER : MUCH_OLDER;
        int minimumAge = 1 + (int) Math.min(Integer.MAX_VALUE - 1, age(mine, clockNanos) * times);
        Segment lender = own;
        int oldest = minimumAge - 1;
        for (int look = 0; look < LOOKS; look++) {
            Segment other = any(all);
            int theirAge = age(other.offer(), clockNanos);
            if (theirAge > oldest) {
                lender = other;
                oldest = theirAge;
            }
        }
        if (lender != own) {
            move(lender, own, lost, minimumAge, clockNanos);
        }
    }

    private static Segment any(Segment[] all) {
        return all[ThreadLocalRandom.current().nextInt(all.length)];
    }

    private int age(Offer offer, long clockNanos) {
        return Math.max(0, (int) ticks.of(clockNanos) - offer.victimUsedAt());
    }

    private static void move(Segment lender, Segment own, long wanted, int minimumAge, long clockNanos) {
        Loan loan = lender.lend(wanted, minimumAge, clockNanos);
        if (!own.borrow(loan, clockNanos)) {
            lender.borrow(loan, clockNanos);
        }
    }
}
