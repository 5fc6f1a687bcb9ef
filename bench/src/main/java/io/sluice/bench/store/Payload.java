package io.sluice.bench.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Keys of 16 ASCII characters and values of 100 bytes, made anew at each call. Immutable.
 *
 * @param keys how many keys there are
 */
public record Payload(int keys) {
    public static final int KEY_BYTES = 16;
    public static final int VALUE_BYTES = 100;

    public Payload {
        if (keys < 1) {
            throw new IllegalArgumentException("keys is " + keys + ", must be at least 1");
        }
    }

    /** The key of this number: equal each time, never the same object. */
    String key(int number) {
        return new String(keyBytes(number), ISO_8859_1);
    }

    /** The key's bytes: "key-" and twelve digits. */
    byte[] keyBytes(int number) {
        byte[] key = "key-000000000000".getBytes(ISO_8859_1);
        int rest = number;
        for (int i = KEY_BYTES - 1; rest > 0; i--) {
            key[i] += (byte) (rest % 10);
            rest /= 10;
        }
        return key;
    }

    /** A value. */
    byte[] value(int number) {
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < VALUE_BYTES; i++) {
            value[i] = (byte) (number + i);
        }
        return value;
    }

    /** The values of all keys. */
    byte[][] values() {
        byte[][] values = new byte[keys][];
        for (int number = 0; number < keys; number++) {
            values[number] = value(number);
        }
        return values;
    }

    /** All keys as text. */
    String[] texts() {
        String[] texts = new String[keys];
        for (int number = 0; number < keys; number++) {
            texts[number] = key(number);
        }
        return texts;
    }
}
