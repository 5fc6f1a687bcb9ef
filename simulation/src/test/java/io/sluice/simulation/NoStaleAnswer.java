package io.sluice.simulation;

/**
 * No answer from memory is older than a change whose Remove was done for good when it was asked for; nor is one from
 * the source, unless the source itself still showed what is older. Nor is one from memory what a failover lost, when
 * the groups have been cleared for that.
 */
final class NoStaleAnswer implements Invariant {
    private final Simulation simulation;

    NoStaleAnswer(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public void answered(Judgement judgement) {
        require(
                !judgement.forgotten() || !judgement.isFromMemory() || isWithinUnleasedStaleness(judgement),
                () -> judgement + ", which a failover lost, and what cleared it is done");
        long due = judgement.settled().sequence;
        if (!judgement.isFromMemory()) {
            due = Math.min(due, judgement.seen().sequence);
        }
        long demanded = due;
        require(
                judgement.settled().lost
                        || isWithinUnleasedStaleness(judgement)
                        || judgement.version().sequence >= demanded,
                () -> judgement + ", but change " + judgement.settled().sequence + " (" + judgement.settled().gtid
                        + ") is done");
    }

    /** A node without a lease may go on for as long as its bound is small enough; it says that bound. */
    private boolean isWithinUnleasedStaleness(Judgement judgement) {
        return judgement.boundMillis() >= 0
                && judgement.boundMillis() <= simulation.unleasedStaleness.toMillis()
                && judgement.staleNanos() <= simulation.unleasedStaleness.toNanos();
    }
}
