package io.sluice.simulation;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens more often than by chance in runs without a protection, so that it shows sooner. Chance alone is what
 * all runs with every protection have.
 *
 * @param favoured faults that most faults are chosen from; empty for all alike
 * @param readsReplica whether loads go to the replica as well
 * @param earlyEvents whether commits often are seen long after their events
 * @param duplicates whether messages often come twice
 */
record Bias(List<Fault> favoured, boolean readsReplica, boolean earlyEvents, boolean duplicates, boolean xa) {
    private static final Bias NONE = new Bias(List.of(), false, false, false, false);
    private static final List<Fault> CHURN =
            List.of(Fault.NODE_STARTS, Fault.NODE_STARTS, Fault.NODE_LEAVES, Fault.NODE_IS_REPLACED);

    static Bias of(@Nullable Protection without) {
        if (without == null) {
            return NONE;
        }
        return switch (without) {
            case FLOOR_ON_GAINED_RANGE, FLOOR_READ_AFTER_COMMIT, SAME_SERVER ->
                new Bias(and(Fault.REPLICA_LAGS), true, true, false, false);
            case ALL_RINGS, DROP_ON_CLOSING -> new Bias(CHURN, false, false, false, false);
            case SELF_FENCE -> new Bias(List.of(Fault.CUT_FROM_ETCD), false, false, false, false);
            case DEPARTED_WAITED_OUT, HOLD_AS_INCARNATION ->
                new Bias(List.of(Fault.KEY_IS_STRUCK, Fault.CUT_FROM_ETCD), false, false, false, false);
            case LEASE_WAIT, COPIES_NOT_LIFTED -> new Bias(List.of(Fault.CUT_FROM_PEERS), false, false, true, false);
            case CLOSING_CONFIRMED -> new Bias(and(Fault.FREEZE, Fault.CUT_FROM_ETCD), false, false, false, false);
            case COMMIT_PERMIT -> new Bias(and(Fault.CUT_SYNC_FROM_ETCD), false, false, false, false);
            case APPLIED_OF_OLDER_REVISION, APPLIED_OF_OTHER_INCARNATION ->
                new Bias(and(Fault.KEY_IS_STRUCK, Fault.REPLICA_LAGS), true, true, true, false);
            case POSITIONS_MERGED -> new Bias(List.of(Fault.REPLICA_LAGS, Fault.REBALANCE), true, true, true, false);
            case RESYNC_WITH_POSITION, GROUP_CLEAR_WITH_FLOOR ->
                new Bias(
                        List.of(Fault.RETENTION, Fault.RETENTION, Fault.SYNC_RESTARTS, Fault.REPLICA_LAGS),
                        true,
                        true,
                        false,
                        false);
            case PHANTOMS -> new Bias(List.of(Fault.FAILOVER, Fault.REPLICA_LAGS), false, false, false, false);
            case BOUND_CAPPED -> new Bias(List.of(Fault.FAILOVER_IN_SILENCE), false, false, false, false);
            case XA_RESYNC -> new Bias(List.of(), false, false, false, true);
            default -> NONE;
        };
    }

    /** Whether polls go on for long to who was the primary. */
    boolean longDemoted() {
        return favoured.contains(Fault.FAILOVER);
    }

    private static List<Fault> and(Fault... more) {
        return java.util.stream.Stream.concat(CHURN.stream(), Arrays.stream(more))
                .toList();
    }
}
