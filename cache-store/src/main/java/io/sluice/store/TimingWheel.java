package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Entries in the order of their expiry, roughly: a hierarchical timing wheel (Varghese and Lauck, "Hashed and
 * hierarchical timing wheels", SOSP 1987). Level 0 has 64 buckets of about 134 ms; a bucket of the next level spans all
 * of the one below. As time passes, the current bucket of a level is dealt out to the levels below, and what is in that
 * of level 0 has expired. Adding and removing take constant time, through links in the entries; reclaiming looks only
 * at what has expired and, now and then, deals an entry out: at most three times in its life.
 *
 * <p>Not thread-safe: under the segment's lock. Invariant: an entry is in the bucket of its expiry, as seen from the
 * time the wheel has reached, which is never later than the clock.
 */
final class TimingWheel {
    private static final int UNIT_SHIFT = 7;
    private static final int LEVEL_SHIFT = 6;
    private static final int BUCKETS = 1 << LEVEL_SHIFT;
    private static final int BUCKET_MASK = BUCKETS - 1;
    private static final int LEVELS = 4;

    private final Slots slots;

    /** First slot of each bucket, level after level. */
    private final int[] heads = new int[LEVELS * BUCKETS];

    private int size;

    /** All units before this one are done. */
    private long reached;

    TimingWheel(Slots slots, long nowTick) {
        this.slots = slots;
        this.reached = nowTick >> UNIT_SHIFT;
        Arrays.fill(heads, NONE);
    }

    /** Adds the entry in the slot. */
    void add(int slot) {
        byte[] bytes = slots.held(slot);
        int head = bucketOf(unit(bytes));
        int second = heads[head];
        EntryBytes.setEarlier(bytes, ~head - 1);
        EntryBytes.setLater(bytes, second);
        if (second != NONE) {
            EntryBytes.setEarlier(slots.held(second), slot);
        }
        heads[head] = slot;
        size++;
    }

    /** Removes the entry in the slot. */
    void remove(int slot) {
        byte[] bytes = slots.held(slot);
        int before = EntryBytes.earlier(bytes);
        int after = EntryBytes.later(bytes);
        if (before < NONE) {
            heads[~(before + 1)] = after;
        } else {
            EntryBytes.setLater(slots.held(before), after);
        }
        if (after != NONE) {
            EntryBytes.setEarlier(slots.held(after), before);
        }
        size--;
    }

    /**
     * Hands out what has expired, at most about {@code budget} entries; false when the rest comes the next time. Each
     * one is still in the wheel and must be removed by whoever takes it.
     */
    boolean expire(long nowTick, int budget, IntConsumer expired) {
        long now = nowTick >> UNIT_SHIFT;
        int left = budget;
        while (now > reached && left > 0) {
            if (size == 0) {
                reached = now;
                return true;
            }
            left -= dealOut(left);
            int head = bucket(0, reached);
            while (heads[head] != NONE && left > 0) {
                expired.accept(heads[head]);
                left--;
            }
            if (left > 0) {
                reached++;
                left--;
            }
        }
        return now <= reached;
    }

    /**
     * Deals out the buckets of the upper levels that begin now, the uppermost first; returns how many entries moved.
     */
    private int dealOut(int most) {
        int moved = 0;
        for (int level = LEVELS - 1; level > 0; level--) {
            boolean begins = (reached & ((1L << span(level)) - 1)) == 0;
            int head = bucket(level, reached);
            while (begins && heads[head] != NONE) {
                if (moved == most) {
                    return moved;
                }
                int slot = heads[head];
                remove(slot);
                add(slot);
                moved++;
            }
        }
        return moved;
    }

    private int bucketOf(long unit) {
        long ahead = unit - reached;
        int level = 0;
        while (level < LEVELS - 1 && (ahead >>> span(level + 1)) != 0) {
            level++;
        }
        return bucket(level, unit);
    }

    private static int bucket(int level, long unit) {
        return (level << LEVEL_SHIFT) + ((int) (unit >>> span(level)) & BUCKET_MASK);
    }

    /** The units of a bucket of the level, as a power of two. */
    private static int span(int level) {
        return level * LEVEL_SHIFT;
    }

    /** The unit in which an entry expires, or the one that is reached if that is past. */
    private long unit(byte[] bytes) {
        long near = reached << UNIT_SHIFT;
        long expires = near + (EntryBytes.expires(bytes) - (int) near);
        return Math.max(reached, expires >> UNIT_SHIFT);
    }

    /** Throws IllegalStateException if links or number are wrong or an entry is in a bucket that comes too late. */
    void audit() {
        int count = 0;
        for (int head = 0; head < heads.length; head++) {
            int before = ~head - 1;
            for (int slot = heads[head]; slot != NONE && count <= size; slot = EntryBytes.later(slots.held(slot))) {
                byte[] bytes = slots.held(slot);
                check(EntryBytes.earlier(bytes) == before, "an entry does not link back");
                check(bucket(head >>> LEVEL_SHIFT, unit(bytes)) == head, "an entry is in another's bucket");
                before = slot;
                count++;
            }
        }
        check(count == size && size == slots.size(), "other entries are in it than are held");
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException("timing wheel: " + violation);
        }
    }
}
