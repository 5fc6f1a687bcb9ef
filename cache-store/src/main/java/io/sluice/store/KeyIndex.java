package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hash table from keys to slots, in buckets of a cache line: 15 places and the number of entries that belong here or
 * before and are further on, because it was full. An entry is 8 bits of the hash and the slot; the key itself is looked
 * at in the slot, so most places are passed by without leaving the line. Entries never move but when the table grows,
 * so a lookup needs no lock and finds whatever is there throughout (after F14: Bronson and Shi, "Open-sourcing F14 for
 * faster, more memory-efficient hash tables", 2019).
 *
 * <p>Changed under the segment's lock only; {@link #find} may be called without it.
 */
final class KeyIndex {
    /** What a lookup without the lock says when it saw a change under way. */
    static final int UNSURE = -2;

    private static final int BUCKET_SHIFT = 4;
    private static final int PLACES = (1 << BUCKET_SHIFT) - 1;
    private static final int TAG_SHIFT = 24;
    private static final int SLOT_MASK = (1 << TAG_SHIFT) - 1;
    private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);

    /** Grows by half when so many of 16 places are taken. */
    private static final int FULL_SIXTEENTHS = 13;

    private final Slots slots;
    private volatile int[] table = new int[1 << BUCKET_SHIFT];
    private int size;

    KeyIndex(Slots slots) {
        this.slots = slots;
    }

    /**
     * The slot of the key, or NONE; UNSURE, never under the lock, when a slot that may be its own was being changed.
     */
    int find(StoreKey key) {
        int[] current = table;
        long mixed = mix(key.hash());
        int buckets = current.length >>> BUCKET_SHIFT;
        int bucket = bucket(mixed, buckets);
        int absent = NONE;
        for (int passed = 0; passed < buckets; passed++) {
            int first = bucket << BUCKET_SHIFT;
            int place = firstPlace(mixed);
            for (int i = 0; i < PLACES; i++) {
                int entry = (int) INT.getAcquire(current, first + place);
                if (entry >>> TAG_SHIFT == tag(mixed) && entry != 0) {
                    int slot = (entry & SLOT_MASK) - 1;
                    byte[] bytes = slots.bytes(slot);
                    if (bytes == null) {
                        absent = UNSURE;
                    } else if (EntryBytes.hasKey(bytes, key.utf8())) {
                        return slot;
                    }
                }
                place = place == PLACES ? 1 : place + 1;
            }
            if ((int) INT.getAcquire(current, first) == 0) {
                return absent;
            }
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        }
        return absent;
    }

    /** Adds a slot, which must be filled, of a key that is not there. */
    void add(long hash, int slot) {
        if (size + 1 > (table.length >>> 4) * (long) PLACES * FULL_SIXTEENTHS / 16) {
            grow();
        }
        place(table, mix(hash), slot);
        size++;
    }

    private static void place(int[] table, long mixed, int slot) {
        int buckets = table.length >>> BUCKET_SHIFT;
        int bucket = bucket(mixed, buckets);
        while (true) {
            int first = bucket << BUCKET_SHIFT;
            int place = firstPlace(mixed);
            for (int i = 0; i < PLACES; i++) {
                if (table[first + place] == 0) {
                    INT.setVolatile(table, first + place, (tag(mixed) << TAG_SHIFT) | (slot + 1));
                    return;
                }
                place = place == PLACES ? 1 : place + 1;
            }
            INT.setVolatile(table, first, table[first] + 1);
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        }
    }

    /** Removes a slot that was added under the hash. */
    void remove(long hash, int slot) {
        int[] current = table;
        long mixed = mix(hash);
        int entry = (tag(mixed) << TAG_SHIFT) | (slot + 1);
        int buckets = current.length >>> BUCKET_SHIFT;
        int bucket = bucket(mixed, buckets);
        for (int passed = 0; passed < buckets; passed++) {
            int first = bucket << BUCKET_SHIFT;
            for (int place = 1; place <= PLACES; place++) {
                if (current[first + place] == entry) {
                    INT.setVolatile(current, first + place, 0);
                    size--;
                    return;
                }
            }
            INT.setVolatile(current, first, current[first] - 1);
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        }
        throw new IllegalStateException("a slot to be removed is not in the index");
    }

    private void grow() {
        int[] current = table;
        int buckets = current.length >>> BUCKET_SHIFT;
        int[] larger = new int[(buckets + Math.max(1, buckets / 2)) << BUCKET_SHIFT];
        for (int i = 0; i < current.length; i++) {
            if ((i & PLACES) != 0 && current[i] != 0) {
                int slot = (current[i] & SLOT_MASK) - 1;
                place(larger, mix(slots.hash(slot)), slot);
            }
        }
        table = larger;
    }

    /** Not the bits alone by which a segment was chosen, nor those by which the ring orders keys. */
    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return mixed ^ mixed >>> 32;
    }

    private static int bucket(long mixed, int buckets) {
        return (int) (((mixed >>> 32) * buckets) >>> 32);
    }

    private static int tag(long mixed) {
        return (int) mixed & 0xFF;
    }

    private static int firstPlace(long mixed) {
        return 1 + (((((int) (mixed >>> 8)) & 0xFF) * PLACES) >>> 8);
    }

    /** How many slots are in the table. */
    int size() {
        return size;
    }

    /** Throws IllegalStateException if number or overflow counts are wrong, or an entry cannot be found. */
    void audit(Iterable<StoreKey> keys) {
        int count = 0;
        for (int i = 0; i < table.length; i++) {
            count += (i & PLACES) != 0 && table[i] != 0 ? 1 : 0;
        }
        check(count == size, "the number of entries is wrong");
        int[] passing = new int[table.length >>> BUCKET_SHIFT];
        int found = 0;
        for (StoreKey key : keys) {
            int slot = find(key);
            check(slot != NONE, "a key that is held is not found");
            countPassed(key, slot, passing);
            found++;
        }
        check(found == size, "there are other entries than keys");
        for (int bucket = 0; bucket < passing.length; bucket++) {
            check(table[bucket << BUCKET_SHIFT] == passing[bucket], "the number of those further on is wrong");
        }
    }

    private void countPassed(StoreKey key, int slot, int[] passing) {
        long mixed = mix(key.hash());
        int bucket = bucket(mixed, passing.length);
        while (!isIn(bucket, slot)) {
            passing[bucket]++;
            bucket = bucket + 1 == passing.length ? 0 : bucket + 1;
        }
    }

    private boolean isIn(int bucket, int slot) {
        for (int place = 1; place <= PLACES; place++) {
            int entry = table[(bucket << BUCKET_SHIFT) + place];
            if (entry != 0 && (entry & SLOT_MASK) == slot + 1) {
                return true;
            }
        }
        return false;
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException("key index: " + violation);
        }
    }
}
