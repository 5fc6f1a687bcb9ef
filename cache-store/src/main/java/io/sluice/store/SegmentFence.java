package io.sluice.store;

import io.sluice.coherence.Barrier;
import io.sluice.coherence.Fence;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import java.time.Duration;

/**
 * What may come into a segment: a key and each of its tags past the {@link Fence}, and past the floor of the group.
 *
 * <p>Not safe for use by several threads: it is part of what the segment's lock guards.
 *
 * <h2>Copies that came unasked</h2>
 *
 * <p>How old such a copy was when it was sent it tells itself; how long it travelled nobody knows. {@code L} is when
 * its load began, {@code S} when it was sent, {@code R} when it is looked at, {@code T} when a Remove without position
 * arrived, {@code H} the hold.
 *
 * <ol>
 *   <li>the owner loads at L and sends a copy at S, which says that it is S - L old
 *   <li>the row changes
 *   <li>Remove at T, here: there is nothing to take away
 *   <li>the receiver stands still, or its buffers are full
 *   <li>the copy is looked at, at R; by what it says its load began at R - (S - L), which is after T + H
 * </ol>
 *
 * <p>It would be kept, and nothing would take it away. So against Removes without position it counts as begun
 * {@link #LONGEST_TRAVEL} earlier than it says: it is kept only where none of them came within that time and the hold.
 * Removes with a position are held against its stamp, which says the same wherever it is.
 */
final class SegmentFence {
    /**
     * Longer than a copy travels. Its sender waits 5 s for an acknowledgement, and a connection that carries nothing is
     * broken after 12 s (a ping after 10 s that is not answered within 2 s). What a receiver has in its buffers when it
     * stands still comes all the same; when that takes longer than this, its lease in etcd has ended, and it holds
     * nothing. Only where the list of members is fixed such a copy can pass.
     */
    static final Duration LONGEST_TRAVEL = Duration.ofSeconds(30);

    private static final long LONGEST_TRAVEL_NANOS = LONGEST_TRAVEL.toNanos();

    private final Fence fence;
    private final int maxRecords;

    SegmentFence(FenceLimits limits) {
        this.fence = new Fence(limits);
        this.maxRecords = limits.maxRecords();
    }

    /** Remembers a Remove of a key or a tag. */
    void record(long hash, SourcePosition position, long nowNanos) {
        fence.record(hash, position, nowNanos);
    }

    /**
     * May an entry come in?
     *
     * @param inherited whether it is as {@link CacheStore#putInherited} says
     */
    boolean admits(
            StoreKey key, long[] tags, CacheEntry entry, Generation generation, boolean inherited, long nowNanos) {
        Barrier groupFloor = inherited ? generation.removes() : generation.floor();
        long begun = entry.ageIsSure() ? entry.loadStartNanos() : entry.loadStartNanos() - LONGEST_TRAVEL_NANOS;
        return admits(key, tags, entry.stamp(), begun, groupFloor, nowNanos);
    }

    /** As {@link Fence#admits} for a key and all its tags. */
    boolean admits(
            StoreKey key, long[] tags, SourcePosition stamp, long loadStartNanos, Barrier groupFloor, long nowNanos) {
        boolean admitted = fence.admits(key.hash(), stamp, loadStartNanos, nowNanos, groupFloor);
        for (int i = 0; i < tags.length && admitted; i++) {
            admitted = fence.admits(tags[i], stamp, loadStartNanos, nowNanos, groupFloor);
        }
        return admitted;
    }

    /** As {@link Fence#demanded}. */
    SourcePosition demanded() {
        return fence.demanded();
    }

    /** As {@link Fence#exempt}. */
    void exempt(SourcePosition phantoms) {
        fence.exempt(phantoms);
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    void audit() {
        if (fence.size() > maxRecords) {
            throw new IllegalStateException("more fence records than allowed");
        }
    }
}
