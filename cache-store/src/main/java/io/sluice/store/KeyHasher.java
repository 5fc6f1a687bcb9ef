package io.sluice.store;

/**
 * The 64-bit hash of a key, for a store that keeps keys and not their hashes. Thread-safe and pure: the same bytes give
 * the hash that {@link StoreKey#hash} has, always.
 */
@FunctionalInterface
public interface KeyHasher {
    /** The hash of the key in {@code array[offset .. offset + length)}. */
    long hash(byte[] array, int offset, int length);

    /** The hash of a whole array. */
    default long hash(byte[] array) {
        return hash(array, 0, array.length);
    }
}
