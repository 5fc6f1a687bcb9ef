package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest poll of a source: the stamp of loads that begin after it, so that they need not ask for one of their own.
 *
 * <p>A stamp must be of the server that the row is read from. Else:
 *
 * <ol>
 *   <li>the poll reads W from A, which was promoted a moment ago;
 *   <li>a connection of the pool still leads to B, which lags behind; the load reads the old row there;
 *   <li>Remove(P), P within W: the old row is stored and seems to cover P.
 * </ol>
 *
 * And whoever takes it says so before asking whether the fence would admit it:
 *
 * <ol>
 *   <li>1: the fence admits W
 *   <li>Remove(P), P not within W: done
 *   <li>2: joins the load, which has not said by which position it goes
 *   <li>1: goes by W, and reads the old row, since the change is not visible yet; 2 is answered with it
 * </ol>
 *
 * <p>Safe for use by many threads: one immutable poll, replaced whole.
 */
public final class PolledPosition {
    private volatile @Nullable SourcePoll latest;
    private volatile @Nullable String primary;

    /** A server has answered; unless it is doubtful, it is the primary by all that is known. */
    public void polled(SourcePoll poll) {
        if (!poll.isDoubtful()) {
            primary = poll.server();
        }
        latest = poll;
    }

    /** The server that was taken for the primary last, also while polls fail; null before there was one. */
    public @Nullable String primary() {
        return primary;
    }

    /** Polls fail: what was told is of the past. */
    public void forget() {
        latest = null;
    }

    /**
     * The stamp for a load that begins now; null where it has to read one of its own.
     *
     * @param server that the load's connection leads to
     * @param maxAgeNanos what was polled longer ago would only make the stamp poorer
     * @param goBy has the load say that it goes by the position, and tells whether it may: whether the fence admits it
     *     and those who wait are content with it. Called last, and at most once
     */
    public @Nullable SourcePosition forLoad(
            String server, long nowNanos, long maxAgeNanos, Predicate<SourcePosition> goBy) {
        SourcePoll poll = latest;
        boolean usable = poll != null
                && !poll.executed().isUnknown()
                && nowNanos - poll.sent().nanos() <= maxAgeNanos
                && poll.server().equals(server)
                && goBy.test(poll.executed());
        return usable ? requireNonNull(poll).executed() : null;
    }
}
