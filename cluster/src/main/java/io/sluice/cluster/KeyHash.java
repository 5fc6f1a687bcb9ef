package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;

/**
 * The 64-bit place of a key on every ring: part of the contract between nodes, clients and the sync service.
 *
 * <p>It is XXH3 (64 bits, seed 0) over the length of the group's UTF-8 form as four bytes, big-endian, then the group,
 * then the key's UTF-8 form. The length comes first so that ("ab", "c") and ("a", "bc") are different inputs.
 *
 * <p>An object hashes the keys of one group. Immutable and thread-safe. Equal on every machine and in every version;
 * {@code KeyHashTest} pins values.
 */
public final class KeyHash {
    private static final Hasher64 XXH3 = Hashing.xxh3_64();
    private static final int PREFIX_BYTES = Integer.BYTES;

    /** The input's part that is the same for all keys of the group. */
    private final byte[] prefix;

    private KeyHash(byte[] groupUtf8) {
        int length = groupUtf8.length;
        prefix = Arrays.copyOf(
                new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length},
                PREFIX_BYTES + length);
        System.arraycopy(groupUtf8, 0, prefix, PREFIX_BYTES, length);
    }

    /** For the keys of a group. */
    public static KeyHash ofGroup(String group) {
        return new KeyHash(requireNonNull(group, "group is null").getBytes(UTF_8));
    }

    /** The hash of a key of a group. */
    public static long of(String group, String key) {
        return of(group, requireNonNull(key, "key is null").getBytes(UTF_8));
    }

    /** The hash of a key of a group, for who has the key's UTF-8 form at hand. */
    public static long of(String group, byte[] keyUtf8) {
        return ofGroup(group).hash(requireNonNull(keyUtf8, "keyUtf8 is null"), 0, keyUtf8.length);
    }

    /** The hash of the group's key whose UTF-8 form is {@code array[offset .. offset + length)}. */
    public long hash(byte[] array, int offset, int length) {
        byte[] input = Arrays.copyOf(prefix, prefix.length + length);
        System.arraycopy(array, offset, input, prefix.length, length);
        return XXH3.hashBytesToLong(input);
    }
}
