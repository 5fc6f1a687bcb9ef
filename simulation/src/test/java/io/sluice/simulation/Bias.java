package io.sluice.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What happens more often than by chance in runs without a protection, so that it shows sooner. Chance alone is what
 * all runs with every protection have.
 *
 * @param favoured faults that most faults are chosen from; empty for all alike
 */
record Bias(List<Fault> favoured, Set<Trait> traits) {
    static final Bias NONE = new Bias(List.of());
    private static final List<Fault> CHURN =
            List.of(Fault.NODE_STARTS, Fault.NODE_STARTS, Fault.NODE_LEAVES, Fault.NODE_IS_REPLACED);

    /** What a whole run is like. */
    enum Trait {
        /** Loads go to the replica as well. */
        READS_REPLICA,
        /** Commits often are seen long after their events. */
        EARLY_EVENTS,
        /** Messages often come twice. */
        DUPLICATES,
        /** There are transactions in two phases. */
        XA,
        /** Most reads and changes are of one row. */
        HOT_ROW
    }

    private Bias(List<Fault> favoured, Trait... traits) {
        this(favoured, Set.of(traits));
    }

    /** What shows that one protection is missing. */
    static Bias of(Protection without) {
        return switch (without) {
            case FLOOR_ON_GAINED_RANGE ->
                new Bias(
                        List.of(Fault.NODE_STARTS, Fault.NODE_LEAVES, Fault.REPLICA_LAGS, Fault.REPLICA_LAGS),
                        Trait.READS_REPLICA,
                        Trait.EARLY_EVENTS);
            case FLOOR_READ_AFTER_COMMIT, SAME_SERVER ->
                new Bias(and(Fault.REPLICA_LAGS), Trait.READS_REPLICA, Trait.EARLY_EVENTS);
            case ALL_RINGS -> new Bias(CHURN);
            // Who hears of a ring late is what both wait for: a sync instance before it is active, and with it the
            // nodes that would speak of it; a node that holds by the one before, until that is gone.
            case ANNOUNCED_BEFORE_ACTIVE, CLOSING_CONFIRMED -> new Bias(List.of(Fault.STARTS_UNHEARD));
            // A key goes to a newcomer and comes back, and stays away until the ring of before is gone.
            case DROP_ON_CLOSING -> new Bias(List.of(Fault.PASSES_THROUGH));
            case SELF_FENCE -> new Bias(List.of(Fault.CUT_FROM_ETCD));
            case DEPARTED_WAITED_OUT, HOLD_AS_INCARNATION ->
                new Bias(List.of(Fault.KEY_IS_STRUCK, Fault.CUT_FROM_ETCD));
            // A sync instance that etcd has lost tells what is done by the ring it knows, to nodes that know no other;
            // the lender is a holder of the next one already, under the name that they all have, and was not asked.
            case COPIES_NOT_LIFTED -> new Bias(List.of(Fault.RETURNS_UNSEEN));
            case LEASE_WAIT -> new Bias(List.of(Fault.CUT_FROM_PEERS), Trait.DUPLICATES);
            // A sync instance that etcd has lost does by the ring it knows what a new holder would have to do as well:
            // it must not commit that, and the new holder must not believe that it was applied.
            case COMMIT_PERMIT, APPLIED_OF_OLDER_REVISION ->
                new Bias(List.of(Fault.SYNC_IS_LEFT_BEHIND), Trait.HOT_ROW);
            // The new holder has the name of a node that the instance knows, and that it tells.
            case APPLIED_OF_OTHER_INCARNATION -> new Bias(List.of(Fault.SYNC_KNOWS_PREDECESSOR), Trait.HOT_ROW);
            case POSITIONS_MERGED ->
                new Bias(
                        List.of(Fault.REPLICA_LAGS, Fault.REBALANCE),
                        Trait.READS_REPLICA,
                        Trait.EARLY_EVENTS,
                        Trait.DUPLICATES);
            case RESYNC_WITH_POSITION, GROUP_CLEAR_WITH_FLOOR ->
                new Bias(
                        List.of(Fault.RETENTION, Fault.RETENTION, Fault.SYNC_RESTARTS, Fault.REPLICA_LAGS),
                        Trait.READS_REPLICA,
                        Trait.EARLY_EVENTS);
            case PHANTOMS -> new Bias(List.of(Fault.FAILOVER, Fault.REPLICA_LAGS));
            case BOUND_CAPPED -> new Bias(List.of(Fault.FAILOVER_IN_SILENCE));
            case XA_RESYNC -> new Bias(List.of(), Trait.XA);
            default -> NONE;
        };
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
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
