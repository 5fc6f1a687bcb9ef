package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** A record with some bytes left out, repeated, replaced or added. Stateless. */
final class Mutation {
    private static final List<String> WORDS = List.of("null", "{}", "[", "\"\"", "7", "true");

    private Mutation() {}

    static byte[] of(byte[] record, Random random) {
        byte[] bytes = record;
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] changed = once(bytes, random);
            bytes = changed.length == 0 ? bytes : changed;
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(bytes, 0, at);
        int rest = at;
        switch (random.nextInt(5)) {
            case 0 -> rest = at + length;
            case 1 -> changed.write(bytes, at, length);
            case 2 -> changed.writeBytes(WORDS.get(random.nextInt(WORDS.size())).getBytes(UTF_8));
            case 3 -> {
                changed.write(random.nextInt(256));
                rest = at + 1;
            }
            default -> rest = bytes.length;
        }
        changed.write(bytes, rest, bytes.length - rest);
        return changed.toByteArray();
    }
}
