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

    /** The tags of {@link #key}: 0 to 2 of them. */
    static final KeyTags TAGS = new KeyTags() {
        @Override
        public int most() {
            return 2;
        }

        @Override
        public long[] of(byte[] utf8) {
            return tags(Integer.parseInt(new String(utf8, 3, utf8.length - 3, StandardCharsets.UTF_8)));
        }
    };

    /** Every fifth key has none, every third of the rest one that no other has and one that many share. */
    private static long[] tags(int number) {
        if (number % 5 == 0) {
            return new long[0];
        }
        return number % 3 == 0
                ? new long[] {sharedTag(number % 2), ownTag(number)}
                : new long[] {sharedTag(number % 2)};
    }

    /** 0 and 1. */
    static long sharedTag(int number) {
        return hash(number + 10_000);
    }

    static long ownTag(int number) {
        return hash(number + 20_000);
    }

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
