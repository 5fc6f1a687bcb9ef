package io.sluice.coherence;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the time since its load began bounds how stale a value is. It does where the load read the primary, since a
 * SELECT sees every commit that was acknowledged before it; and which server is the primary only polls tell. So:
 *
 * <ol>
 *   <li>the latest poll that is not doubtful was of A, at P
 *   <li>A is demoted and stalls, B takes its place; rows change on B
 *   <li>a load reads A, at L
 *   <li>polls of A fail: nothing is known of the primary. No age counts once P is longer ago than
 *       {@link #LONGEST_TRUST}
 *   <li>a poll of B counts, and loads that begin from now on, at K, compare the server that they read with it. Now the
 *       age of the value of L would count again, since B is to be trusted. But it was loaded after P and before K
 * </ol>
 *
 * So of whatever began between P and K, after doubts, after a silence, or when the server is another one, the age does
 * not count, then and later. What began before P was read from a server that was the primary still at P.
 *
 * <p>Immutable. Bounded: of too many such spans the two eldest become one, which only takes more ages away.
 */
public final class LoadAges {
    /**
     * For how long a primary is taken for the primary that does not answer polls: longer than a poll takes that is
     * slow, and than the pause between two while nothing is loaded.
     */
    public static final long LONGEST_TRUST = TimeUnit.SECONDS.toNanos(5);

    static final int MOST_SPANS = 8;

    private final boolean fromPrimary;
    private final @Nullable SourcePoll trusted;
    private final boolean doubtful;
    private final List<Span> spans;

    /** Of what began after {@code from} and not after {@code to} the age does not count. */
    private record Span(long from, long to) {
        boolean has(long nanos) {
            return nanos - from > 0 && nanos - to <= 0;
        }
    }

    private LoadAges(boolean fromPrimary, @Nullable SourcePoll trusted, boolean doubtful, List<Span> spans) {
        this.fromPrimary = fromPrimary;
        this.trusted = trusted;
        this.doubtful = doubtful;
        this.spans = spans;
    }

    /**
     * Before any poll. Ages count until one was tried, since there are sources that are never polled.
     *
     * @param fromPrimary whether every load reads the server that is polled; if not, no age ever counts
     */
    static LoadAges of(boolean fromPrimary) {
        return new LoadAges(fromPrimary, null, false, List.of());
    }

    /**
     * After a poll.
     *
     * @param knownNanos when loads knew of it that began then, or earlier
     */
    LoadAges polled(SourcePoll poll, long knownNanos) {
        if (poll.isDoubtful()) {
            return new LoadAges(fromPrimary, trusted, true, spans);
        }
        SourcePoll before = trusted;
        boolean goesOn = !doubtful
                && (before == null
                        || (before.server().equals(poll.server())
                                && before.sent().agoNanos(poll.sent()) <= LONGEST_TRUST));
        long from =
                before == null ? knownNanos - Long.MAX_VALUE / 2 : before.sent().nanos();
        return new LoadAges(fromPrimary, poll, false, goesOn ? spans : with(new Span(from, knownNanos)));
    }

    /** After a poll that was not answered. */
    LoadAges failed() {
        return trusted == null ? new LoadAges(fromPrimary, null, true, spans) : this;
    }

    private List<Span> with(Span span) {
        List<Span> all = new ArrayList<>(spans);
        all.add(span);
        if (all.size() > MOST_SPANS) {
            all.set(0, new Span(all.get(0).from(), all.get(1).to()));
            all.remove(1);
        }
        return List.copyOf(all);
    }

    /**
     * The age of a value; {@link StalenessBound#UNKNOWN} where it says nothing.
     *
     * @param loadStartNanos when its load began, or earlier
     * @param steadySinceNanos as {@link ClockWatch} says; the age of what was loaded before says nothing
     */
    long of(long loadStartNanos, long steadySinceNanos, long nowNanos, long nowWallMillis) {
        if (!fromPrimary || doubtful || loadStartNanos - steadySinceNanos <= 0) {
            return StalenessBound.UNKNOWN;
        }
        SourcePoll latest = trusted;
        if (latest != null && latest.sent().agoNanos(nowNanos, nowWallMillis) > LONGEST_TRUST) {
            return StalenessBound.UNKNOWN;
        }
        for (int i = 0; i < spans.size(); i++) {
            if (spans.get(i).has(loadStartNanos)) {
                return StalenessBound.UNKNOWN;
            }
        }
        return Math.max(0, nowNanos - loadStartNanos);
    }
}
