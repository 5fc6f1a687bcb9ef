package io.sluice.node.load;

import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;

/** Who wants to know what polls of a source bring. Thread-safe; must not block. */
public interface PollListener {
    /** How far the change stream of the source is applied, asked before each poll. */
    SourcePosition applied();

    /**
     * The primary has answered.
     *
     * @param knownNanos when loads knew which server was polled that began then
     */
    void polled(SourcePoll poll, long knownNanos);

    /** It did not, or what it said is not understood. */
    void pollFailed();
}
