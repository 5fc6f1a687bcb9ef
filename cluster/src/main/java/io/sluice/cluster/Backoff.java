package io.sluice.cluster;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/** Doubling waits between a least and a greatest, with a fifth of jitter. Not safe for concurrent access. */
final class Backoff {
    private final long leastMillis;
    private final long greatestMillis;
    private final LongUnaryOperator random;
    private long nextMillis;

    /** @param random a number of at least 0 and less than its argument */
    Backoff(Duration least, Duration greatest, LongUnaryOperator random) {
        this.random = random;
        this.leastMillis = least.toMillis();
        this.greatestMillis = greatest.toMillis();
        this.nextMillis = leastMillis;
    }

    /** How long to wait this time. */
    long nextMillis() {
        long millis = nextMillis;
        nextMillis = Math.min(greatestMillis, millis * 2);
        return millis - random.applyAsLong(millis / 5 + 1);
    }

    /** It worked: the next wait is the least again. */
    void reset() {
        nextMillis = leastMillis;
    }
}
