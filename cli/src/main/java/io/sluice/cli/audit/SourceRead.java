package io.sluice.cli.audit;

import io.sluice.coherence.SourcePosition;

/**
 * What the group's own load found in the source. Immutable. Times are nanoseconds of this process.
 *
 * @param startNanos before anything was asked
 * @param endNanos when the row was there
 * @param position read from the same server before the row; UNKNOWN where the source has no positions
 */
record SourceRead(long startNanos, long endNanos, SourcePosition position, Content content) {}
