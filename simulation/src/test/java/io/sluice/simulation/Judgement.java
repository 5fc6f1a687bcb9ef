package io.sluice.simulation;

import io.sluice.proto.v1.ServedFrom;
import org.jspecify.annotations.Nullable;

/**
 * An answer and what was so when it was asked for.
 *
 * @param version the change that made the row what the answer says
 * @param settled the last change of the row whose Remove was done for good when the answer was asked for
 * @param seen what of it any server that may be read showed then, the oldest
 * @param own the caller's own change, whose position it demanded
 * @param staleNanos for how long a change that the answer lacks had been acknowledged when the answer came
 * @param boundMillis what the answer says of that; -1 for nothing
 * @param slackMillis what a machine that was suspended may hide of that
 * @param forgotten whether the answer is a change that a failover lost, and that was cleared for good when it was asked
 *     for
 */
record Judgement(
        String node,
        int key,
        ServedFrom from,
        Transaction version,
        Transaction settled,
        Transaction seen,
        @Nullable Transaction own,
        String stamp,
        long staleNanos,
        long boundMillis,
        long slackMillis,
        boolean forgotten) {
    boolean isFromMemory() {
        return from != ServedFrom.SERVED_FROM_SOURCE;
    }

    @Override
    public String toString() {
        return node + " answered key " + key + " by " + from + " as of change " + version.sequence + " with stamp "
                + stamp;
    }
}
