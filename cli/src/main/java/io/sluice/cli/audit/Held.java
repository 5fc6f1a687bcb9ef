package io.sluice.cli.audit;

import io.sluice.coherence.SourcePosition;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What somebody answered for a key. Immutable. Times are nanoseconds of this process.
 *
 * @param askedNanos before it was asked
 * @param repliedNanos when the answer was there
 * @param stamp what the answer claims to reflect; UNKNOWN when it claims nothing
 * @param ageMillis since the value's load began, by the clock of who loaded it
 * @param ageIsSure whether the load began at least that long ago; of a copy that was asked for, the age is counted from
 *     the asking, and its load may have begun later
 * @param boundMillis how old the answer claims to be at the most
 * @param servedBy the member whose memory or loader it was
 */
record Held(
        long askedNanos,
        long repliedNanos,
        Content content,
        SourcePosition stamp,
        long ageMillis,
        boolean ageIsSure,
        OptionalLong boundMillis,
        String servedBy) {
    /** The load had begun by then: the age was cut off to milliseconds, and the answer travelled. */
    long loadBegunNanos() {
        return repliedNanos - TimeUnit.MILLISECONDS.toNanos(ageMillis);
    }
}
