package io.sluice.bench.store;

import org.jspecify.annotations.Nullable;

/**
 * A cache under measurement, addressed by the numbers of prepared keys, so that making keys is no part of what is
 * measured. Safe for use by many threads.
 */
public interface Contestant {
    /** What the cache hands out for the key, or null. */
    @Nullable Object get(int key);

    /** Puts the key's prepared value. */
    void put(int key);

    /**
     * Puts a value and a key that are made for this put, as after a load, so that their garbage is part of the load.
     */
    void load(int key);

    /** How many entries are held, as far as can be told at once. */
    long entries();
}
