package io.sluice.sync.heartbeat;

import io.sluice.coherence.SourcePosition;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The latest beats of one source that this process has committed. Safe for use by many threads; bounded. */
final class SentBeats {
    private static final int MOST = 600;

    private final Deque<Sent> sent = new ArrayDeque<>();

    /**
     * One beat.
     *
     * @param committedNanos a time after its commit, by {@link System#nanoTime}
     * @param executed what the primary had executed after its commit
     */
    record Sent(long beat, long committedNanos, SourcePosition executed) {}

    synchronized void add(Sent beat) {
        if (sent.size() == MOST) {
            sent.removeFirst();
        }
        sent.addLast(beat);
    }

    /** Null when it is another's, or of too long ago. */
    synchronized @Nullable Sent find(long beat) {
        for (Sent one : sent) {
            if (one.beat() == beat) {
                return one;
            }
        }
        return null;
    }
}
