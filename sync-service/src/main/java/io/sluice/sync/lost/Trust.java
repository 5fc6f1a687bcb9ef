package io.sluice.sync.lost;

import io.sluice.coherence.SourcePosition;

/** What is to be made of what the stream says of a source. Safe for use by many threads; never blocks. */
public interface Trust {
    /** Whether it may be told as applied at this moment. */
    boolean isTrusted(String source);

    /** Transactions that the stream names and the source never will have; UNKNOWN when there are none. */
    SourcePosition phantoms(String source);
}
