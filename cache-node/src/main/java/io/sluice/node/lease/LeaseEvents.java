package io.sluice.node.lease;

import io.sluice.coherence.SourcePosition;
import java.util.List;

/** What becomes of leases, to be counted or recorded. Thread-safe; never blocks. */
public interface LeaseEvents {
    /** An answer to a lease holder; {@code lent} is false when it may not be kept. */
    void answered(String group, boolean lent);

    /** Something had to wait for leases; {@code confirmed} is false when one of them ended by time. */
    void waited(long nanos, boolean confirmed);

    /**
     * A copy of a key was lent. Of one key it comes in the order in which copies are lent and revoked.
     *
     * @param keyHash of the key within its group
     * @param holder who has it, as far as is known
     */
    default void lent(long keyHash, SourcePosition stamp, String holder) {}

    /**
     * A holder is told that copies have to go.
     *
     * @param keys which of the group's; empty for all that it has
     * @param position of the change; UNKNOWN when it has none, as when the node holds the keys no more
     */
    default void revoked(String group, List<String> keys, SourcePosition position, String holder) {}
}
