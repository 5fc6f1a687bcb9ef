package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;

/** What the read path reports, to be counted or recorded. Thread-safe; never blocks. */
public interface ReadEvents {
    /** Reads were sent to another node; {@code answered} is false when it could not be reached. */
    void forwarded(CacheGroup group, int reads, boolean answered);

    /** A load ended; {@code succeeded} is false when it threw. */
    void loaded(CacheGroup group, long nanos, boolean succeeded);

    /** A batch load ended, which was for that many keys; {@code succeeded} is false when it threw. */
    void loadedMany(CacheGroup group, int keys, long nanos, boolean succeeded);

    /** A previous holder was asked for what it has in memory. */
    void peeked(CacheGroup group, PeekOutcome outcome);

    /** The source was read for a key; before the value is offered to the store. */
    default void keyLoaded(Read read, SourcePosition stamp) {}

    /** A previous holder had an entry for a key; before it is offered to the store. */
    default void keyPeeked(Read read, String from, SourcePosition stamp) {}

    /** The staleness bound of an answer was past the group's {@code max-staleness}, or not known. */
    void pastMaxStaleness(CacheGroup group, PastOutcome outcome);

    /** What became of it. */
    enum PastOutcome {
        /** It was given all the same, and said so. */
        SERVED,
        /** The source was read instead of memory. */
        BYPASSED,
        /** It was refused. */
        FAILED
    }

    /** What a peek brought. */
    enum PeekOutcome {
        /** An entry that is kept here now, in place of a load. */
        KEPT,
        /** An entry that the fence did not admit, or too old for the request. */
        REFUSED,
        /** Nothing. */
        NOTHING,
        /** No answer in time. */
        UNANSWERED
    }
}
