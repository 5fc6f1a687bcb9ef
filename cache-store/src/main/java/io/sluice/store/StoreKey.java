package io.sluice.store;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key of one group: its bytes and its 64-bit hash, computed once by the caller and used for ring, segment and fence
 * alike. Immutable as long as nobody changes the array, which is not copied; two keys are equal when their bytes are.
 */
public final class StoreKey {
    /** The longest key that a store can keep, in bytes: its length shares 16 bits with two marks. */
    public static final int MAX_BYTES = 0x3FFF;

    private final byte[] utf8;
    private final long hash;

    public StoreKey(byte[] utf8, long hash) {
        this.utf8 = requireNonNull(utf8, "utf8 is null");
        this.hash = hash;
    }

    /** The key's bytes, not a copy. */
    public byte[] utf8() {
        return utf8;
    }

    /** The key's hash. */
    public long hash() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoreKey that && hash == that.hash && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    /** The hash only: keys are never logged. */
    @Override
    public String toString() {
        return "key#" + Long.toHexString(hash);
    }
}
