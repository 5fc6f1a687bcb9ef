package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How far the change stream of one source has been applied to one node: every Remove for a transaction up to
 * {@link Snapshot#position} that concerns this node has been acknowledged by it. So what it holds, having survived all
 * of them, is as good as loaded at that position.
 *
 * <p>The stream has partitions, each of which is heard of on its own; the position is what all of them have in common,
 * and unknown until each was heard of.
 *
 * <p>Whoever lifts the stamp of an entry by it looks here <em>before</em> the entry is read, and lifts after that:
 *
 * <ol>
 *   <li>the old entry is read;
 *   <li>its Remove comes and is acknowledged;
 *   <li>the position that covers the Remove comes, is read, and lifts the stamp of what is no longer held.
 * </ol>
 *
 * And not when all was forgotten in between:
 *
 * <ol>
 *   <li>the position is read;
 *   <li>the node becomes a holder of more keys and takes an entry over whose Remove was sent to its earlier holder
 *       only;
 *   <li>that entry is read, and the position would cover its Remove.
 * </ol>
 *
 * <p>Safe for use by many threads: what is read is a snapshot, swapped whole. Invariant: the position never names a
 * transaction that some partition has not passed since the last {@link #forget}.
 */
public final class AppliedPosition {
    /** Most partitions of the change stream of one source. */
    public static final int MAX_PARTITIONS = 10_000;

    /**
     * Whoever counts fewer has not heard of the others yet: partitions are added more often than taken away, and a
     * position without one of them would claim too much.
     */
    private static final Duration FEWER_AFTER = Duration.ofSeconds(30);

    private static final Moment NEVER = new Moment(0, 0);

    private final Object lock = new Object();
    private final Map<Partition, Heard> heard = new HashMap<>();
    private int partitions;
    private long largestNanos;
    private volatile Snapshot snapshot = Snapshot.NOTHING;

    /** One partition of a topic. */
    public record Partition(String topic, int number) {
        public Partition {
            requireNonNull(topic, "topic is null");
        }
    }

    private record Heard(SourcePosition position, Moment at) {}

    /**
     * What is known at one moment.
     *
     * @param position UNKNOWN until every partition was heard of
     * @param heard when the partition that was heard of longest ago was last heard of, by each clock; has no meaning
     *     while the position is UNKNOWN
     * @param phantoms transactions that the change stream names and the source never will have; UNKNOWN when none are
     * @param era how often all was forgotten
     */
    public record Snapshot(SourcePosition position, Moment heard, SourcePosition phantoms, long era) {
        static final Snapshot NOTHING = new Snapshot(SourcePosition.UNKNOWN, NEVER, SourcePosition.UNKNOWN, 0);
    }

    /** What is known now. */
    public Snapshot now() {
        return snapshot;
    }

    /** The stamp that this node may claim for an entry that it read after {@code before}. */
    public SourcePosition lift(SourcePosition stamp, Snapshot before) {
        return stamp.isUnknown() || before.era() != snapshot.era() ? stamp : stamp.union(before.position());
    }

    /**
     * One partition was passed up to a position.
     *
     * @param count how many partitions there are; with more than before all is forgotten, and with fewer, once nobody
     *     has counted as many for a while
     * @param phantoms all that are known now, in place of those known before
     * @return whether the phantoms are others than before, so that fences have to be told
     */
    public boolean passed(
            Partition partition, int count, SourcePosition position, SourcePosition phantoms, Moment now) {
        if (count < 1 || count > MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "the change stream has " + count + " partitions: from 1 to " + MAX_PARTITIONS + " are possible");
        }
        synchronized (lock) {
            if (count < partitions && now.nanos() - largestNanos < FEWER_AFTER.toNanos()) {
                return false;
            }
            largestNanos = now.nanos();
            if (count != partitions || (heard.size() == count && !heard.containsKey(partition))) {
                heard.clear();
                partitions = count;
            }
            heard.merge(partition, new Heard(position, now), AppliedPosition::later);
            boolean news = !phantoms.equals(snapshot.phantoms());
            snapshot = least(phantoms);
            return news;
        }
    }

    /** A replay passes again what was passed already. */
    private static Heard later(Heard before, Heard now) {
        return new Heard(before.position().union(now.position()), now.at());
    }

    private Snapshot least(SourcePosition phantoms) {
        if (heard.size() < partitions) {
            return new Snapshot(SourcePosition.UNKNOWN, NEVER, phantoms, snapshot.era());
        }
        SourcePosition least = null;
        Moment oldest = null;
        for (Heard one : heard.values()) {
            oldest = oldest == null ? one.at() : oldest.orEarlier(one.at());
            least = least == null ? one.position() : least.intersection(one.position());
        }
        return new Snapshot(
                requireNonNull(least, "no partition").minus(phantoms),
                requireNonNull(oldest, "no partition"),
                phantoms,
                snapshot.era());
    }

    /**
     * Nothing is known any more, phantoms aside: this node has become a holder of other keys, whose Removes so far were
     * sent to others, or it begins a new life.
     */
    public void forget() {
        synchronized (lock) {
            heard.clear();
            snapshot = new Snapshot(SourcePosition.UNKNOWN, NEVER, snapshot.phantoms(), snapshot.era() + 1);
        }
    }
}
