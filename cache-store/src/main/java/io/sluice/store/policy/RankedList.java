package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

/**
 * A doubly linked list through the entries themselves, newest first, which knows its length and weight. An entry is in
 * one list at most. Not thread-safe; every operation takes constant time and allocates nothing.
 */
final class RankedList {
    private @Nullable Ranked newest;
    private @Nullable Ranked oldest;
    private int size;
    private long weight;

    @Nullable Ranked oldest() {
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

    void addNewest(Ranked entry) {
        Ranked second = newest;
        entry.newer = null;
        entry.older = second;
        if (second == null) {
            oldest = entry;
        } else {
            second.newer = entry;
        }
        newest = entry;
        size++;
        weight += entry.weight;
    }

    void remove(Ranked entry) {
        Ranked before = entry.newer;
        Ranked after = entry.older;
        if (before == null) {
            newest = after;
        } else {
            before.older = after;
        }
        if (after == null) {
            oldest = before;
        } else {
            after.newer = before;
        }
        entry.newer = null;
        entry.older = null;
        size--;
        weight -= entry.weight;
    }

    void moveToNewest(Ranked entry) {
        if (entry.newer != null) {
            remove(entry);
            addNewest(entry);
        }
    }

    /** Unlinks the oldest and returns it; null when the list is empty. */
    @Nullable Ranked removeOldest() {
        Ranked entry = oldest;
        if (entry != null) {
            remove(entry);
        }
        return entry;
    }

    /** Puts the successor, with the mark of the one held, in its place. */
    void replace(Ranked held, Ranked successor) {
        Ranked before = held.newer;
        Ranked after = held.older;
        successor.mark = held.mark;
        successor.newer = before;
        successor.older = after;
        if (before == null) {
            newest = successor;
        } else {
            before.older = successor;
        }
        if (after == null) {
            oldest = successor;
        } else {
            after.newer = successor;
        }
        held.newer = null;
        held.older = null;
        weight += successor.weight - held.weight;
    }

    /** Throws IllegalStateException if links, length or weight are wrong, or a mark is not what a member's must be. */
    @SuppressWarnings("ReferenceEquality") // Links are between objects, whatever a holder calls equal.
    int audit(String name, int markMask, int markValue) {
        int count = 0;
        long sum = 0;
        Ranked previous = null;
        for (Ranked entry = newest; entry != null && count <= size; entry = entry.older) {
            check(entry.newer == previous, name, "an entry does not link back");
            check((entry.mark & markMask) == markValue, name, "an entry has the mark of another list");
            sum += entry.weight;
            previous = entry;
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
