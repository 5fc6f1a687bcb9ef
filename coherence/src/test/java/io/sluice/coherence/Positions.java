package io.sluice.coherence;

import java.util.Random;

/** Positions for tests. */
final class Positions {
    static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    static final String B = "f0000000-0000-0000-8000-00000000000b";

    /** All transactions of one server up to the given one. */
    static SourcePosition upTo(long last) {
        return SourcePosition.parse(A + ":1-" + last);
    }

    /** A few intervals of up to two servers, numbers 1 to 20. */
    static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            int first = 1 + random.nextInt(18);
            text.append(random.nextBoolean() ? A : B)
                    .append(':')
                    .append(first)
                    .append('-')
                    .append(first + random.nextInt(3))
                    .append(i > 1 ? "," : "");
        }
        return text.toString();
    }

    private Positions() {}
}
