package io.sluice.cli.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.coherence.SourcePosition;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Reads and answers at times in milliseconds. */
final class Moments {
    private static final long NANOS = 1_000_000;

    private Moments() {}

    static SourcePosition at(long transaction) {
        return transaction == 0
                ? SourcePosition.UNKNOWN
                : SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-" + transaction);
    }

    static Content value(String text) {
        return Content.of(!text.isEmpty(), ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /** A read that took 2 ms. */
    static SourceRead read(long startMillis, long transaction, String text) {
        return new SourceRead(startMillis * NANOS, (startMillis + 2) * NANOS, at(transaction), value(text));
    }

    /** An answer that took 2 ms, of a load that began so long before. */
    static Held held(long askedMillis, long stamp, long ageMillis, String text) {
        return held(askedMillis, stamp, ageMillis, text, OptionalLong.empty());
    }

    static Held held(long askedMillis, long stamp, long ageMillis, String text, OptionalLong boundMillis) {
        return new Held(
                askedMillis * NANOS,
                (askedMillis + 2) * NANOS,
                value(text),
                at(stamp),
                ageMillis,
                true,
                boundMillis,
                "node-1");
    }

    /** The same from a copy under lease. */
    static Held copied(long askedMillis, long stamp, long ageMillis, String text) {
        Held held = held(askedMillis, stamp, ageMillis, text);
        return new Held(
                held.askedNanos(),
                held.repliedNanos(),
                held.content(),
                held.stamp(),
                ageMillis,
                false,
                held.boundMillis(),
                held.servedBy());
    }
}
