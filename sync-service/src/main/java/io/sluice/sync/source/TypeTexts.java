package io.sluice.sync.source;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what {@code mysqlType} said by its bytes, since every message of a table repeats it. Bounded: a text that
 * falls on the place of another takes it. Safe for use by many threads.
 */
final class TypeTexts {
    /** A power of two; tables of a server that change within the same second. */
    private static final int PLACES = 1_024;

    private static final int MAX_BYTES = 16_384;

    /** A text with its meaning. Immutable. */
    private static final class Known {
        final byte[] json;
        final Map<String, String> types;

        Known(byte[] json, Map<String, String> types) {
            this.json = json;
            this.types = types;
        }
    }

    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    /** What the bytes in a message said the last time; null when they are not known. */
    @Nullable Map<String, String> find(byte[] message, int from, int end) {
        Known known = places.get(place(message, from, end));
        return known != null && Arrays.equals(known.json, 0, known.json.length, message, from, end)
                ? known.types
                : null;
    }

    /** Remembers what the bytes say. */
    void remember(byte[] message, int from, int end, Map<String, String> types) {
        if (end - from <= MAX_BYTES) {
            places.set(place(message, from, end), new Known(Arrays.copyOfRange(message, from, end), types));
        }
    }

    private static int place(byte[] message, int from, int end) {
        CRC32C sum = new CRC32C();
        sum.update(message, from, end - from);
        return (int) sum.getValue() & (PLACES - 1);
    }
}
