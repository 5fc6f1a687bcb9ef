package io.sluice.sync.dispatch;

/** How one call ended. Immutable. */
sealed interface RemoveOutcome {
    /**
     * The node applied the whole batch.
     *
     * @param topologyRevision what the node knows
     * @param covered how many entries it kept because their stamp covers the change
     */
    record Acknowledged(long topologyRevision, int covered) implements RemoveOutcome {}

    /** The node will never take this batch as it is. */
    record Refused(String reason) implements RemoveOutcome {}

    /** The node may take the same batch later. */
    record Failed(String code, String reason) implements RemoveOutcome {}
}
