package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps what applications put into cache-aside groups, by the rule that everything is admitted by. The stamp is that of
 * the miss which the value answers, since the application read its value after that:
 *
 * <pre>
 * 1: Get: a miss, with stamp W
 * 1: reads the old row
 *    MySQL: the row changes; Remove: done
 * 1: Put of the old value with stamp W, which does not cover the Remove: refused
 * </pre>
 *
 * How long ago the miss was asked for the caller says, or not; how long the put travelled nobody knows. So the age of a
 * value that was put bounds nothing:
 *
 * <pre>
 * 1: Get: a miss; reads the row; Put: asked 2 ms ago
 *    MySQL: the row changes; a caller is told of the commit
 *    the Put, which has stood in a queue, arrives, and counts as begun 2 ms ago
 * 2: Get: by its age, the answer would be of after the commit
 * </pre>
 *
 * Thread-safe; never blocks.
 */
public final class Puts {
    private final Holdings holdings;
    private final Fills fills;
    private final Clocks clock;

    public Puts(String self, Holdings holdings, Copies copies, Clocks clock) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.fills = new Fills(self, new Admission(holdings), copies, clock);
    }

    /**
     * Offers a value.
     *
     * @param stamp that of the miss; unknown where the source has no positions
     * @param askedNanos when the miss was asked for, or earlier
     * @return whether it is kept
     */
    public boolean put(Read read, byte[] value, SourcePosition stamp, long askedNanos) {
        double random = ThreadLocalRandom.current().nextDouble();
        long expiresAtNanos = read.group().timeToLive().expiresAtNanos(true, clock.nanos(), random);
        CacheEntry entry = CacheEntry.found(value, stamp, askedNanos, expiresAtNanos);
        // Without positions there is no bound, and all is judged by what the caller says of the time.
        return read.group().positioned()
                ? fills.keepPut(read, entry, holdings.topology())
                : fills.keep(read, entry, holdings.topology());
    }
}
