package io.sluice.node.load;

import io.sluice.coherence.SourcePosition;

/** What a load says of itself before it reads the row. Thread-safe. */
@FunctionalInterface
public interface Departing {
    /** It goes by this, which it has read for itself. */
    void goesBy(LoadStamp stamp);

    /**
     * Whether it may go by this position, which was polled before from the server that it reads; that it would is said
     * by asking. If not, it reads one for itself.
     */
    default boolean mayGoBy(SourcePosition polled) {
        return false;
    }
}
