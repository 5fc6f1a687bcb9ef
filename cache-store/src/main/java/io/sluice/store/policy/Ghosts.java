package io.sluice.store.policy;

import java.util.Arrays;

/**
 * What is remembered of entries that went: hash and weight, in order of going. A hash table with chains and a linked
 * list, both through arrays of numbers: 28 bytes a ghost and no object. It grows by doubling and is bounded by its
 * owner, which lets the oldest go.
 *
 * <p>Not thread-safe. Invariant: a hash is remembered once at most.
 */
final class Ghosts {
    private static final int NONE = -1;
    private static final int FIRST_LENGTH = 16;

    private long[] hashes = new long[FIRST_LENGTH];
    private int[] weights = new int[FIRST_LENGTH];
    private int[] newer = new int[FIRST_LENGTH];
    private int[] older = new int[FIRST_LENGTH];
    private int[] nextInChain = new int[FIRST_LENGTH];
    private int[] chains = new int[FIRST_LENGTH];
    private int free = NONE;
    private int used;
    private int newest = NONE;
    private int oldest = NONE;
    private int size;
    private long weight;

    Ghosts() {
        Arrays.fill(chains, NONE);
    }

    int size() {
        return size;
    }

    long weight() {
        return weight;
    }

    /** Remembers the hash as the newest. */
    void add(long hash, int itsWeight) {
        remove(hash);
        int slot = takeSlot();
        hashes[slot] = hash;
        weights[slot] = itsWeight;
        int chain = chain(hash);
        nextInChain[slot] = chains[chain];
        chains[chain] = slot;
        newer[slot] = NONE;
        older[slot] = newest;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
        size++;
        weight += itsWeight;
    }

    boolean contains(long hash) {
        int slot = chains[chain(hash)];
        while (slot != NONE && hashes[slot] != hash) {
            slot = nextInChain[slot];
        }
        return slot != NONE;
    }

    /** Forgets the hash; false when it was not remembered. */
    boolean remove(long hash) {
        int chain = chain(hash);
        int before = NONE;
        int slot = chains[chain];
        while (slot != NONE && hashes[slot] != hash) {
            before = slot;
            slot = nextInChain[slot];
        }
        if (slot == NONE) {
            return false;
        }
        if (before == NONE) {
            chains[chain] = nextInChain[slot];
        } else {
            nextInChain[before] = nextInChain[slot];
        }
        unlink(slot);
        nextInChain[slot] = free;
        free = slot;
        return true;
    }

    /** Forgets the oldest until what is left weighs no more than the bound. */
    void trim(long bound) {
        while (weight > bound && size > 0) {
            remove(hashes[oldest]);
        }
    }

    private void unlink(int slot) {
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        size--;
        weight -= weights[slot];
    }

    private int takeSlot() {
        if (free != NONE) {
            int slot = free;
            free = nextInChain[slot];
            return slot;
        }
        if (used == hashes.length) {
            grow();
        }
        return used++;
    }

    private void grow() {
        int length = hashes.length * 2;
        hashes = Arrays.copyOf(hashes, length);
        weights = Arrays.copyOf(weights, length);
        newer = Arrays.copyOf(newer, length);
        older = Arrays.copyOf(older, length);
        nextInChain = new int[length];
        chains = new int[length];
        Arrays.fill(chains, NONE);
        for (int slot = 0; slot < used; slot++) {
            int chain = chain(hashes[slot]);
            nextInChain[slot] = chains[chain];
            chains[chain] = slot;
        }
    }

    private int chain(long hash) {
        long mixed = hash * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & (chains.length - 1);
    }

    /** Throws IllegalStateException if links, chains, number or weight are wrong. */
    void audit(String name) {
        int count = 0;
        long sum = 0;
        int previous = NONE;
        for (int slot = newest; slot != NONE && count <= size; slot = older[slot]) {
            check(newer[slot] == previous, name, "a ghost does not link back");
            check(contains(hashes[slot]), name, "a ghost is not found");
            sum += weights[slot];
            previous = slot;
            count++;
        }
        check(oldest == previous && count == size && sum == weight, name, "list, number and weight do not agree");
        int chained = 0;
        for (int first : chains) {
            for (int slot = first; slot != NONE && chained <= size; slot = nextInChain[slot]) {
                chained++;
            }
        }
        check(chained == size, name, "the chains hold other ghosts than the list");
    }

    private static void check(boolean holds, String name, String violation) {
        if (!holds) {
            throw new IllegalStateException(name + ": " + violation);
        }
    }
}
