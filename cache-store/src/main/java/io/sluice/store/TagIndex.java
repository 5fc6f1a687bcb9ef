package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Which slots carry a tag: a hash table from tags to the first of a doubly linked list, with linear probing. A slot has
 * as many links as a key has tags at most, numbered one slot after the other, so a slot leaves its lists in constant
 * time and nobody needs to know its tags for that. The first of a list links back to the tag's place in the table. With
 * no tags at all it takes no memory.
 *
 * <p>Not thread-safe: under the segment's lock. Invariants: a slot is in the list of each of its tags, once for each,
 * and in no other; a tag without slots is not in the table; a {@link Walk} comes to everything that was in its list
 * when it began and still is.
 */
final class TagIndex {
    private static final int SMALLEST = 16;

    private final int perSlot;

    /** For each link the one before and the one after; the one before is NONE when the link is in no list. */
    private int[] links = {};

    /** Tags by place; only those places count that have a first link. */
    private long[] tags;

    private int[] first;
    private int tagCount;
    private int linkCount;
    private final List<Walk> walks = new ArrayList<>(1);

    /** @param perSlot the most tags that a slot has */
    TagIndex(int perSlot) {
        this.perSlot = perSlot;
        this.tags = new long[perSlot == 0 ? 0 : SMALLEST];
        this.first = emptyPlaces(tags.length);
    }

    private static int[] emptyPlaces(int length) {
        int[] places = new int[length];
        Arrays.fill(places, NONE);
        return places;
    }

    /** Adds a slot that is not there. */
    void add(int slot, long[] slotTags) {
        if (slotTags.length > perSlot) {
            throw new IllegalArgumentException(
                    slotTags.length + " tags of a key where there are " + perSlot + " at most");
        }
        for (int i = 0; i < slotTags.length; i++) {
            link(slot * perSlot + i, slotTags[i]);
        }
    }

    /** Takes a slot out of all its lists. */
    void remove(int slot) {
        for (int link = slot * perSlot; link < (slot + 1) * perSlot; link++) {
            if (link << 1 < links.length && before(link) != NONE) {
                unlink(link);
            }
        }
    }

    private void link(int link, long tag) {
        ensureLinks(link);
        if ((tagCount + 1) * 4 > first.length * 3) {
            growTable();
        }
        int place = place(tag);
        int second = first[place];
        if (second == NONE) {
            tags[place] = tag;
            tagCount++;
        } else {
            setBefore(second, link);
        }
        setBefore(link, atPlace(place));
        setAfter(link, second);
        first[place] = link;
        linkCount++;
    }

    private void unlink(int link) {
        int before = before(link);
        int after = after(link);
        for (int i = 0; i < walks.size(); i++) {
            walks.get(i).left(link, after);
        }
        if (after != NONE) {
            setBefore(after, before);
        }
        if (before >= 0) {
            setAfter(before, after);
        } else {
            first[placeOf(before)] = after;
            if (after == NONE) {
                closeGap(placeOf(before));
            }
        }
        setBefore(link, NONE);
        linkCount--;
    }

    /** The place of the tag, or the empty one where it would be. */
    private int place(long tag) {
        int place = home(tag);
        while (first[place] != NONE && tags[place] != tag) {
            place = next(place);
        }
        return place;
    }

    /** Mixed, for hashes of poor quality: collisions cost more than this. */
    private int home(long tag) {
        long mixed = (tag ^ tag >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return (int) (mixed >>> 32) & (first.length - 1);
    }

    private int next(int place) {
        return (place + 1) & (first.length - 1);
    }

    /** A place has become empty: those after it that are not at home move up. */
    private void closeGap(int emptied) {
        tagCount--;
        int gap = emptied;
        for (int place = next(gap); first[place] != NONE; place = next(place)) {
            int mask = first.length - 1;
            if (((place - home(tags[place])) & mask) >= ((place - gap) & mask)) {
                move(tags[place], first[place], gap);
                first[place] = NONE;
                gap = place;
            }
        }
    }

    private void move(long tag, int head, int place) {
        tags[place] = tag;
        first[place] = head;
        setBefore(head, atPlace(place));
    }

    private void growTable() {
        long[] oldTags = tags;
        int[] oldFirst = first;
        tags = new long[oldTags.length << 1];
        first = emptyPlaces(tags.length);
        for (int i = 0; i < oldFirst.length; i++) {
            if (oldFirst[i] != NONE) {
                move(oldTags[i], oldFirst[i], place(oldTags[i]));
            }
        }
    }

    private void ensureLinks(int link) {
        int needed = (link + 1) << 1;
        if (needed > links.length) {
            int old = links.length;
            links = Arrays.copyOf(links, Math.max(needed, old + Math.max(SMALLEST, old >>> 4 << 1)));
            Arrays.fill(links, old, links.length, NONE);
        }
    }

    private int before(int link) {
        return links[link << 1];
    }

    private void setBefore(int link, int before) {
        links[link << 1] = before;
    }

    private int after(int link) {
        return links[(link << 1) + 1];
    }

    private void setAfter(int link, int after) {
        links[(link << 1) + 1] = after;
    }

    /** What stands before the first of a list: less than NONE. */
    private static int atPlace(int place) {
        return ~place - 1;
    }

    private static int placeOf(int before) {
        return ~(before + 1);
    }

    /** Begins a walk over what carries the tag, which must be ended. */
    Walk walk(long tag) {
        Walk walk = new Walk(perSlot == 0 ? NONE : first[place(tag)]);
        walks.add(walk);
        return walk;
    }

    /**
     * Goes over a list while it changes: what is added comes at its front and is not seen, what leaves is passed by.
     */
    final class Walk {
        private int next;

        private Walk(int first) {
            this.next = first;
        }

        /** The next slot, or NONE. */
        int nextSlot() {
            if (next == NONE) {
                return NONE;
            }
            int slot = next / perSlot;
            next = after(next);
            return slot;
        }

        void end() {
            walks.remove(this);
        }

        private void left(int link, int after) {
            if (next == link) {
                next = after;
            }
        }
    }

    /** How many tags are carried by any slot. */
    int tagCount() {
        return tagCount;
    }

    /**
     * Throws IllegalStateException if an invariant does not hold.
     *
     * @param tagsOf the tags of a slot; null when the slot is empty
     * @param expectedLinks how many tags all slots have together
     */
    void audit(IntFunction<long[]> tagsOf, int expectedLinks) {
        int foundTags = 0;
        int foundLinks = 0;
        for (int place = 0; place < first.length; place++) {
            if (first[place] == NONE) {
                continue;
            }
            long tag = tags[place];
            check(place(tag) == place, "a tag is not found");
            foundTags++;
            int before = atPlace(place);
            for (int link = first[place]; link != NONE && foundLinks <= linkCount; link = after(link)) {
                check(before(link) == before, "a slot does not link back");
                long[] own = tagsOf.apply(link / perSlot);
                check(own != null && own[link % perSlot] == tag, "a slot is in the list of another's tag");
                before = link;
                foundLinks++;
            }
        }
        check(foundTags == tagCount, "the number of tags is wrong");
        check(foundLinks == linkCount && linkCount == expectedLinks, "a slot is missing from the list of its tag");
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException("tag index: " + violation);
        }
    }
}
