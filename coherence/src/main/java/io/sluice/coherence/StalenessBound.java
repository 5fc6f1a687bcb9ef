package io.sluice.coherence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How stale what a node answers from one source can be at most, from what MySQL and the sync service have told this
 * node alone; no clock crosses a machine.
 *
 * <p>Two kinds of news are put together. <b>Polls</b> of the primary: at the moment a poll was sent, every commit that
 * anybody had been told of is in the set W that it brings. And the <b>applied position</b> A: what the node holds has
 * survived every Remove up to it. So when A covers the W of a poll, whatever the node holds reflects every commit that
 * was acknowledged before that poll was sent. The moment of the latest such poll is what {@link #now} knows; it is the
 * same for all entries of the source, so a hit compares no positions.
 *
 * <p>It speaks of commits that were acknowledged. And it trusts no server that stands still:
 *
 * <ol>
 *   <li>the node polls A, which was the primary; it is demoted, and B takes its place;
 *   <li>rows change on B;
 *   <li>polls of A go on to bring what A had, which the applied position covers. By these alone everything would seem
 *       to be as of now.
 * </ol>
 *
 * So the moment is never later than the last time that every partition of the change stream was heard of, which ends
 * with the commits of heartbeats. And a poll does not count from a server that may not be written to, or that does not
 * have what was applied here before the poll was sent: what comes down the stream is on the primary first.
 *
 * <p>An entry also has a bound of its own, the time since its load began, which may be the better one: when nothing was
 * heard yet since this node became a holder, or where there is no change stream. It does not count where loads may come
 * from replicas, nor while the server that is polled is not to be trusted; and an entry that came unasked has none
 * ({@link #ofCopy}).
 *
 * <p>Safe for use by many threads: what hits read is a snapshot, swapped whole. Memory is bounded: of too many polls
 * the one is forgotten that is missed least, so the farther back, the fewer there are; a forgotten one only makes a
 * bound larger.
 */
public final class StalenessBound {
    /** No bound is known. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    static final int MOST_POLLS = 256;

    private final Object lock = new Object();
    /** The earliest first; those that count. */
    private final List<Poll> polls = new ArrayList<>();

    private AppliedPosition.Snapshot applied = AppliedPosition.Snapshot.NOTHING;
    private @Nullable Moment covered;
    private LoadAges ages;
    private volatile Known known;

    private record Poll(Moment sent, SourcePosition executed) {}

    /**
     * What is known at one moment. Whoever answers with an entry reads this before the entry, as with
     * {@link AppliedPosition#lift}.
     *
     * @param asOf every commit that was acknowledged before it is reflected by what was held since; null while that is
     *     not known
     * @param ages whether the time since its load bounds the staleness of an entry as well
     * @param era of the applied position
     */
    public record Known(@Nullable Moment asOf, LoadAges ages, long era) {
        /** The bound of all that was held since; {@link #UNKNOWN} if there is none. */
        public long nanos(long nowNanos, long nowWallMillis) {
            Moment moment = asOf;
            return moment == null ? UNKNOWN : moment.agoNanos(nowNanos, nowWallMillis);
        }
    }

    /** @param loadsFromPrimary whether every load reads the server that is polled */
    public StalenessBound(boolean loadsFromPrimary) {
        this.ages = LoadAges.of(loadsFromPrimary);
        this.known = new Known(null, ages, applied.era());
    }

    /** What is known now. */
    public Known now() {
        return known;
    }

    /**
     * The primary has told its executed set. Polls come in the order in which they were sent.
     *
     * @param knownNanos when loads knew which server was polled that began then, or earlier
     */
    public void polled(SourcePoll poll, long knownNanos) {
        synchronized (lock) {
            ages = ages.polled(poll, knownNanos);
            if (!poll.isDoubtful()) {
                add(new Poll(poll.sent(), poll.executed()));
                look();
            }
            publish();
        }
    }

    /** A poll was not answered, or by nothing that is understood. */
    public void pollFailed() {
        synchronized (lock) {
            ages = ages.failed();
            publish();
        }
    }

    /** The change stream was applied up to a position, or that was forgotten. */
    public void applied(AppliedPosition.Snapshot now) {
        synchronized (lock) {
            if (now.era() != applied.era() || now.position().isUnknown()) {
                covered = null;
            }
            applied = now;
            look();
            publish();
        }
    }

    /**
     * The moment as of which a value with this stamp reflects every commit; null when no poll tells, or the change
     * stream was not heard of: a replica of a server that was demoted has all that its polls bring.
     */
    public @Nullable Moment asOf(SourcePosition stamp) {
        synchronized (lock) {
            Moment found = applied.position().isUnknown() ? null : latestWithin(stamp, null);
            return found == null ? null : found.orEarlier(applied.heard());
        }
    }

    /**
     * The bound of an entry that was read after {@code before}: the better one of the source's and its own.
     *
     * @param loadStartNanos when its load began, or earlier
     * @param steadySinceNanos as {@link ClockWatch} says; what was loaded before has no bound of its own
     */
    public long ofEntry(Known before, long loadStartNanos, long steadySinceNanos, long nowNanos, long nowWallMillis) {
        Known after = known;
        long bySource = ofCopy(before, nowNanos, nowWallMillis);
        return Math.min(bySource, after.ages().of(loadStartNanos, steadySinceNanos, nowNanos, nowWallMillis));
    }

    /**
     * The same for an entry whose age is not sure, since it came without having been asked for: the source's alone.
     *
     * <ol>
     *   <li>the owner loads a row, stores it and sends a copy, which says how old it is
     *   <li>the row changes; a caller is told of the commit
     *   <li>the copy is looked at by the replica, which had no time for it until now
     *   <li>a caller asks the replica; by the age that the copy came with, its load began after the commit
     * </ol>
     */
    public long ofCopy(Known before, long nowNanos, long nowWallMillis) {
        // Forgotten meanwhile: the entry may have been taken over from a holder of other keys since.
        return before.era() == known.era() ? before.nanos(nowNanos, nowWallMillis) : UNKNOWN;
    }

    /** The bound of a value that was loaded just now; parameters as for {@link #ofEntry}. */
    public long ofLoad(
            SourcePosition stamp, long loadStartNanos, long steadySinceNanos, long nowNanos, long nowWallMillis) {
        long age = known.ages().of(loadStartNanos, steadySinceNanos, nowNanos, nowWallMillis);
        return age == UNKNOWN ? ofReplicaLoad(stamp, nowNanos, nowWallMillis) : age;
    }

    /** The same where it was loaded from a server that is not the one that is polled: that of its stamp. */
    public long ofReplicaLoad(SourcePosition stamp, long nowNanos, long nowWallMillis) {
        Moment moment = asOf(stamp);
        return moment == null ? UNKNOWN : moment.agoNanos(nowNanos, nowWallMillis);
    }

    private void add(Poll poll) {
        int last = polls.size() - 1;
        if (last >= 0 && polls.get(last).executed().equals(poll.executed())) {
            polls.set(last, poll);
            return;
        }
        polls.add(poll);
        if (polls.size() > MOST_POLLS) {
            polls.remove(leastMissed(poll.sent()));
        }
    }

    /** The one without which the bounds that rest on it grow by the smallest part; neither the first nor the last. */
    private int leastMissed(Moment now) {
        int least = 1;
        double smallest = Double.MAX_VALUE;
        for (int i = 1; i < polls.size() - 1; i++) {
            Moment before = polls.get(i - 1).sent();
            double gap = polls.get(i + 1).sent().nanos() - before.nanos();
            double part = gap / Math.max(1, now.nanos() - before.nanos());
            if (part < smallest) {
                smallest = part;
                least = i;
            }
        }
        return least;
    }

    private void look() {
        Moment found = latestWithin(applied.position(), covered);
        covered = found == null ? covered : found;
    }

    /** The latest poll within a position that was sent after {@code than}; null for none. */
    private @Nullable Moment latestWithin(SourcePosition position, @Nullable Moment than) {
        for (int i = polls.size() - 1; i >= 0; i--) {
            Poll poll = polls.get(i);
            if (than != null && !poll.sent().isAfter(than)) {
                return null;
            }
            if (position.covers(poll.executed())) {
                return poll.sent();
            }
        }
        return null;
    }

    private void publish() {
        Moment moment = covered;
        known = new Known(moment == null ? null : moment.orEarlier(applied.heard()), ages, applied.era());
    }
}
