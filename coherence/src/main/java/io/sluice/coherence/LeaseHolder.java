package io.sluice.coherence;

import java.util.List;

/**
 * Whoever has copies under lease from a granter, as the granter sees it: one stream. What it is told on that stream it
 * hears in order. Equality is identity: another stream of the same process is another holder.
 */
public interface LeaseHolder {
    /**
     * Says that copies have to go, and asks to confirm by the number. Called under the table's lock, in the order in
     * which leases are granted and revoked: it must only queue, behind whatever was queued before.
     *
     * @param keys which copies of the group; empty for all of them
     * @param position of the change, UNKNOWN when it has none
     */
    void revoke(long revocation, String group, List<String> keys, SourcePosition position);

    /** Sends what is queued. Called without the lock. */
    void flush();

    /** A lease had to end by time, since the holder did not confirm: it gets no more of them. Without the lock. */
    void overdue();
}
