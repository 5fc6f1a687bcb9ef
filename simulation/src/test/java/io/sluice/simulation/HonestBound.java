package io.sluice.simulation;

import io.sluice.cluster.SimWorld;

/**
 * No answer is staler than it says: a change that it lacks was acknowledged no longer ago.
 *
 * <p>Not promised, and so not asked for: rows of XA transactions, which are told of before they are seen, until their
 * groups are cleared; loads from who was the primary until a moment ago, while polls have not noticed; and answers that
 * were under way through a node while its machine was suspended.
 */
final class HonestBound implements Invariant {
    private final Simulation simulation;

    HonestBound(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public void answered(Judgement judgement) {
        require(
                simulation.boundsAreInDoubt()
                        || judgement.boundMillis() < 0
                        || judgement.staleNanos()
                                <= (judgement.boundMillis() + judgement.slackMillis() + 1) * SimWorld.MILLIS,
                () -> judgement + ", and that it is stale by at most " + judgement.boundMillis() + " ms, but it is by "
                        + judgement.staleNanos() / SimWorld.MILLIS);
    }
}
