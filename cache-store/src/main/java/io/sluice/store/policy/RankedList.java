package io.sluice.store.policy;

import static io.sluice.store.policy.Ranks.NONE;

/**
 * A doubly linked list through the entries themselves, newest first, which knows its length and weight. An entry is in
 * one list at most. Not thread-safe; every operation takes constant time and allocates nothing.
 */
final class RankedList {
    private final Ranks ranks;
    private int newest = NONE;
    private int oldest = NONE;
    private int size;
    private long weight;

    RankedList(Ranks ranks) {
        this.ranks = ranks;
    }

    /** The slot at the end, or NONE. */
    int oldest() {
        return oldest;
    }

    int size() {
        return size;
    }

    long weight() {
        return weight;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void addNewest(int slot) {
        int second = newest;
        ranks.setNewer(slot, NONE);
        ranks.setOlder(slot, second);
        if (second == NONE) {
            oldest = slot;
        } else {
            ranks.setNewer(second, slot);
        }
        newest = slot;
        size++;
        weight += ranks.weight(slot);
    }

    void remove(int slot) {
        unlink(slot);
        size--;
        weight -= ranks.weight(slot);
    }

    private void unlink(int slot) {
        int before = ranks.newer(slot);
        int after = ranks.older(slot);
        if (before == NONE) {
            newest = after;
        } else {
            ranks.setOlder(before, after);
        }
        if (after == NONE) {
            oldest = before;
        } else {
            ranks.setNewer(after, before);
        }
    }

    void moveToNewest(int slot) {
        if (slot != newest) {
            unlink(slot);
            size--;
            weight -= ranks.weight(slot);
            addNewest(slot);
        }
    }

    /** Unlinks the oldest and returns its slot; NONE when the list is empty. */
    int removeOldest() {
        int slot = oldest;
        if (slot != NONE) {
            remove(slot);
        }
        return slot;
    }

    /** A member weighs something else from now on. */
    void reweigh(int change) {
        weight += change;
    }

    /** Throws IllegalStateException if links, length or weight are wrong, or a mark is not what a member's must be. */
    int audit(String name, int markMask, int markValue) {
        int count = 0;
        long sum = 0;
        int previous = NONE;
        for (int slot = newest; slot != NONE && count <= size; slot = ranks.older(slot)) {
            check(ranks.newer(slot) == previous, name, "an entry does not link back");
            check((ranks.mark(slot) & markMask) == markValue, name, "an entry has the mark of another list");
            sum += ranks.weight(slot);
            previous = slot;
            count++;
        }
        check(oldest == previous, name, "its end is not the oldest");
        check(count == size, name, "its length is not the number of entries");
        check(sum == weight, name, "its weight is not the sum over the entries");
        return count;
    }

    private static void check(boolean holds, String name, String violation) {
        if (!holds) {
            throw new IllegalStateException(name + ": " + violation);
        }
    }
}
