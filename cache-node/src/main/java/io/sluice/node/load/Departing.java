package io.sluice.node.load;

import io.sluice.coherence.SourcePosition;

/** What a load says of itself before it reads the row. Thread-safe. */
@FunctionalInterface
public interface Departing {
    /**
     * It reads another server than the one that is polled, so its age does not tell how stale it is. Said first, and
     * not by every load.
     */
    default void goesAstray() {}

    /** It goes by this position, which it has read for itself. */
    void goesBy(SourcePosition stamp);

    /**
     * Whether it may go by this position, which was read before; that it would is said by asking. If not, it reads one
     * for itself.
     */
    default boolean mayGoBy(SourcePosition polled) {
        return false;
    }
}
