package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.RowKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change, and which readers have yet to see it: they ask every 10 ms at first, then less and less often, each until
 * it gets an answer that is not out of date or none. A second after the commit each looks once more. Thread-safe.
 */
final class Follow {
    /** As a tick of who asks. */
    static final long SOONEST_NANOS = 10_000_000;

    private static final long AGAIN_NANOS = 1_001_000_000;
    private static final long GIVEN_UP_NANOS = 5_000_000_000L;
    private static final int SHARE_OF_AGE = 4;
    private static final long NEVER = Long.MAX_VALUE;

    private final RowKey key;
    private final long committedNanos;
    /** The age of the change at which a reader asks next. */
    private final Map<Reader, Long> asksAt = new HashMap<>();

    private boolean second;

    Follow(RowKey key, long committedNanos) {
        this.key = requireNonNull(key, "key is null");
        this.committedNanos = committedNanos;
    }

    RowKey key() {
        return key;
    }

    /** Whether the reader is to ask now; then it counts as asking until {@link #saw}. */
    synchronized boolean asks(Reader reader, long nowNanos) {
        long age = nowNanos - committedNanos;
        if (age > AGAIN_NANOS && !second) {
            second = true;
            asksAt.clear();
        }
        @Nullable Long at = asksAt.get(reader);
        if (at != null && age < at) {
            return false;
        }
        asksAt.put(reader, NEVER);
        return true;
    }

    /** What became of the reader's question. */
    synchronized void saw(Reader reader, boolean outOfDate, long nowNanos) {
        if (outOfDate) {
            long age = nowNanos - committedNanos;
            asksAt.put(reader, age + Math.max(SOONEST_NANOS, age / SHARE_OF_AGE));
        }
    }

    /** Whether there is nothing more to see. */
    synchronized boolean over(Collection<Reader> readers, long nowNanos) {
        return nowNanos - committedNanos > GIVEN_UP_NANOS
                || (second
                        && readers.stream().allMatch(reader -> {
                            Long at = asksAt.get(reader);
                            return at != null && at == NEVER;
                        }));
    }
}
