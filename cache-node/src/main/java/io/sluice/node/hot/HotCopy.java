package io.sluice.node.hot;

import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.Answer;
import java.util.concurrent.atomic.LongAdder;

/**
 * The answer of another node, kept for a moment. Thread-safe. Times are nanoseconds of the node's clock.
 *
 * @param answer as the other node gave it
 * @param stamp the answer's
 * @param loadStartNanos a time at which the value's load had certainly not begun yet
 * @param askedNanos when the answer was asked for
 * @param expiresAtNanos from when on it is not used
 * @param served how often it was used
 */
record HotCopy(
        Answer answer,
        SourcePosition stamp,
        long loadStartNanos,
        long askedNanos,
        long expiresAtNanos,
        LongAdder served) {
    boolean isExpired(long nowNanos) {
        return nowNanos - expiresAtNanos >= 0;
    }
}
