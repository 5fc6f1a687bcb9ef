package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The 64-bit place of a key on every ring: part of the contract between nodes, clients and the sync service.
 *
 * <p>It is XXH3 (64 bits, seed 0) over the length of the group's UTF-8 form as four bytes, big-endian, then the group,
 * then the key's UTF-8 form. The length comes first so that ("ab", "c") and ("a", "bc") are different inputs.
 *
 * <p>Thread-safe: no state. Equal on every machine and in every version; {@code KeyHashTest} pins values.
 */
public final class KeyHash {
    private static final Hasher64 XXH3 = Hashing.xxh3_64();
    private static final int PREFIX_BYTES = Integer.BYTES;

    private KeyHash() {}

    /** The hash of a key of a group. */
    public static long of(String group, String key) {
        return of(group, requireNonNull(key, "key is null").getBytes(UTF_8));
    }

    /** The hash of a key of a group, for who has the key's UTF-8 form at hand. */
    public static long of(String group, byte[] keyUtf8) {
        requireNonNull(keyUtf8, "keyUtf8 is null");
        byte[] groupUtf8 = requireNonNull(group, "group is null").getBytes(UTF_8);
        int length = groupUtf8.length;
        byte[] input = new byte[PREFIX_BYTES + length + keyUtf8.length];
        input[0] = (byte) (length >>> 24);
        input[1] = (byte) (length >>> 16);
        input[2] = (byte) (length >>> 8);
        input[3] = (byte) length;
        System.arraycopy(groupUtf8, 0, input, PREFIX_BYTES, length);
        System.arraycopy(keyUtf8, 0, input, PREFIX_BYTES + length, keyUtf8.length);
        return XXH3.hashBytesToLong(input);
    }
}
