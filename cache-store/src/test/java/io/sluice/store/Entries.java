package io.sluice.store;

import io.sluice.coherence.SourcePosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys, entries and positions for tests; nothing expires before the end of time unless said. */
final class Entries {
    static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

    /** What a store keeps times to. */
    static final long TICK = 1L << 20;

    /** The hashes of {@link #key}; 5 for keys of one byte. */
    static final KeyHasher HASHER = (array, offset, length) ->
            length == 1 ? 5 : hash(Integer.parseInt(new String(array, offset + 3, length - 3, StandardCharsets.UTF_8)));

    static StoreKey key(int number) {
        return new StoreKey(("key" + number).getBytes(StandardCharsets.UTF_8), hash(number));
    }

    private static long hash(int number) {
        return number * 0x9E37_79B9_7F4A_7C15L;
    }

    static SourcePosition upTo(long last) {
        return SourcePosition.parse(SERVER + ":1-" + last);
    }

    static CacheEntry loaded(SourcePosition stamp, long loadStartNanos) {
        return sized(10, stamp, loadStartNanos, Long.MAX_VALUE / 2);
    }

    static CacheEntry sized(int valueBytes, SourcePosition stamp, long loadStartNanos, long expiresAtNanos) {
        return CacheEntry.found(new byte[valueBytes], stamp, loadStartNanos, expiresAtNanos);
    }

    static CacheEntry numbered(long number, SourcePosition stamp, long loadStartNanos) {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return CacheEntry.found(value, stamp, loadStartNanos, Long.MAX_VALUE / 2);
    }

    static long number(CacheEntry entry) {
        return ByteBuffer.wrap(entry.value()).getLong();
    }

    private Entries() {}
}
