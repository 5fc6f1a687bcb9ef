package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

/**
 * What a server told that was asked for its position, and how far the change stream was applied before it was asked.
 * Immutable.
 *
 * @param sent when it was asked
 * @param appliedBefore the applied position as it was then
 * @param server its {@code server_uuid}
 * @param executed its executed set
 * @param writable whether it may be written to
 */
public record SourcePoll(
        Moment sent, SourcePosition appliedBefore, String server, SourcePosition executed, boolean writable) {
    public SourcePoll {
        requireNonNull(sent, "sent is null");
        requireNonNull(appliedBefore, "appliedBefore is null");
        requireNonNull(server, "server is null");
        requireNonNull(executed, "executed is null");
    }

    /**
     * Whether it may be a server that was demoted: one that may not be written to, or does not have what was applied
     * before it was asked. What comes down the stream is on the primary first.
     */
    public boolean isDoubtful() {
        return !writable || executed.isUnknown() || !(appliedBefore.isUnknown() || executed.covers(appliedBefore));
    }
}
