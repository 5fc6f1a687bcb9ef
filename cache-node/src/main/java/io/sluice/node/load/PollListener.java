package io.sluice.node.load;

import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;

/** Who wants to know what polls of a source bring. Thread-safe; must not block. */
public interface PollListener {
    /** How far the change stream of the source is applied, asked before each poll. */
    SourcePosition applied();

    /**
     * The primary has answered.
     *
     * @param sent when it was asked
     * @param appliedBefore as {@link #applied} answered before
     * @param writable whether the server may be written to
     */
    void polled(Moment sent, SourcePosition appliedBefore, SourcePosition executed, boolean writable);
}
