package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Barrier;
import io.sluice.coherence.Fence;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One independently locked part of a store, with its own fence. Its lock is its monitor, held for a few map operations
 * at a time; no other lock is taken under it.
 *
 * <p>Safe for use by many threads. Invariants: those of {@link Contents}; admission and storing, and recording a Remove
 * and deleting, are one step each.
 *
 * <p>A Remove of the group changes the shared generation and touches no segment. Each one throws its contents away, in
 * constant time, when it is next used. Until then they count against the capacity as before, so the bound holds, and
 * nobody can see them, since every use starts here with {@link #enter}. A put that races with the Remove either reads
 * the new generation, and with it the new floor, or stores among what the next use throws away.
 *
 * <p>Its share of the capacity is fair at first; segments lend each other parts of it ({@link Lending}).
 *
 * <p>Time never runs backwards in here: a clock that does stands still until it has caught up.
 */
final class Segment {
    /** Nanoseconds of a tick as a power of two: about a millisecond. */
    private static final int TICK_SHIFT = 20;

    /** A segment keeps this part of its fair share whatever it lends. */
    private static final int LEAST_PART = 4;

    private final AtomicReference<Generation> group;
    private final Fence fence;
    private final int maxFenceRecords;
    private final Contents contents;

    private Generation generation;
    private long nowNanos;
    private long fairShare;
    private int era;

    /** What others may know without the lock; a moment old. */
    private volatile Offer offer = new Offer(0, 0, false);

    /**
     * What a segment could lend.
     *
     * @param free bytes of its share that are not taken
     * @param victimUsedAt when its next victim was last used, in ticks
     * @param pressed whether the last put cost it an entry of its ranking's end, not just a newcomer that was no better
     */
    record Offer(long free, int victimUsedAt, boolean pressed) {}

    Segment(
            long fairShare,
            FenceLimits fenceLimits,
            PolicyKind policyKind,
            AtomicReference<Generation> group,
            long nowNanos) {
        this.fairShare = fairShare;
        this.contents = new Contents(policyKind, fairShare);
        this.group = group;
        this.fence = new Fence(fenceLimits);
        this.maxFenceRecords = fenceLimits.maxRecords();
        this.generation = requireNonNull(group.get());
        this.nowNanos = nowNanos;
        publish();
    }

    synchronized @Nullable CacheEntry get(StoreKey key, long clockNanos) {
        enter(clockNanos);
        Node held = live(key);
        if (held == null) {
            contents.tally().count(Event.MISS);
            return null;
        }
        contents.tally().count(Event.HIT);
        held.usedAt = tick();
        contents.accessed(held);
        return held.entry;
    }

    /** @param inherited whether it is as {@link CacheStore#putInherited} says */
    synchronized PutResult put(StoreKey key, CacheEntry entry, boolean inherited, long clockNanos) {
        enter(clockNanos);
        Barrier groupFloor = inherited ? generation.removes() : generation.floor();
        if (entry.isExpired(nowNanos) || !passesFence(key, entry.stamp(), entry.loadStartNanos(), groupFloor)) {
            contents.tally().count(Event.REFUSED);
            return PutResult.REFUSED;
        }
        Node held = live(key);
        if (held != null) {
            if (held.entry.isFresherThan(entry)) {
                contents.tally().count(Event.SUPERSEDED);
                return PutResult.SUPERSEDED;
            }
        }
        long needed = SegmentedStore.bytesOf(key, entry);
        if (needed > Math.min(Math.min(contents.share(), fairShare), Integer.MAX_VALUE)) {
            if (held != null) {
                contents.takeOut(held, Event.REPLACED);
            }
            contents.tally().count(Event.TOO_LARGE);
            return PutResult.TOO_LARGE;
        }
        Node node = new Node(key, entry, (int) needed);
        node.usedAt = tick();
        contents.takeIn(node, held);
        publish();
        return PutResult.STORED;
    }

    synchronized RemoveResult remove(StoreKey key, SourcePosition position, long clockNanos) {
        enter(clockNanos);
        fence.record(key.hash(), position, nowNanos);
        Node held = live(key);
        if (held == null) {
            return RemoveResult.REMOVED;
        }
        if (held.entry.stamp().covers(position)) {
            contents.tally().count(Event.COVERED);
            return RemoveResult.COVERED;
        }
        contents.takeOut(held, Event.REMOVED);
        return RemoveResult.REMOVED;
    }

    synchronized boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos, long clockNanos) {
        enter(clockNanos);
        return passesFence(key, stamp, loadStartNanos, generation.floor());
    }

    /** What is held, in no order. */
    synchronized List<Node> held(long clockNanos) {
        enter(clockNanos);
        return contents.all();
    }

    /** Lets go of those of the nodes that are still held. */
    synchronized void drop(List<Node> unwanted, long clockNanos) {
        enter(clockNanos);
        for (Node node : unwanted) {
            if (contents.get(node.key) == node) {
                contents.takeOut(node, Event.DROPPED);
            }
        }
    }

    /** What this segment could lend, or would have to do without, a moment ago. Takes no lock. */
    Offer offer() {
        return offer;
    }

    synchronized long share() {
        return contents.share();
    }

    synchronized long fairShare() {
        return fairShare;
    }

    /**
     * Lends up to so many bytes: what is free, and what entries take that go because they have reached an age in ticks.
     * Never so much that less than a part of the fair share is left.
     */
    synchronized Loan lend(long wanted, int minimumAge, long clockNanos) {
        enter(clockNanos);
        long most = Math.max(0, Math.min(wanted, contents.share() - fairShare / LEAST_PART));
        while (contents.free() < most && isVictimAged(minimumAge)) {
            contents.evictOne();
        }
        long lent = Math.min(most, contents.free());
        changeShare(contents.share() - lent);
        return new Loan(lent, era);
    }

    private boolean isVictimAged(int minimumAge) {
        Node victim = contents.coldest();
        return victim != null && tick() - victim.usedAt >= minimumAge;
    }

    /** Takes a loan in, or back; false when it is void. */
    synchronized boolean borrow(Loan loan) {
        if (loan.era() != era) {
            return false;
        }
        changeShare(contents.share() + loan.bytes());
        return true;
    }

    /** Begins anew with a fair share, and evicts what is over it. */
    synchronized void resize(long newFairShare, int newEra, long clockNanos) {
        enter(clockNanos);
        fairShare = newFairShare;
        era = newEra;
        changeShare(newFairShare);
    }

    private void changeShare(long newShare) {
        contents.resize(newShare);
        publish();
    }

    private void publish() {
        Node victim = contents.coldest();
        offer = new Offer(contents.free(), victim == null ? tick() : victim.usedAt, contents.isPressed());
    }

    private int tick() {
        return tick(nowNanos);
    }

    /** A time in ticks, to compare by difference. */
    static int tick(long nanos) {
        return (int) (nanos >>> TICK_SHIFT);
    }

    synchronized void addTo(Tally sum, long clockNanos) {
        enter(clockNanos);
        contents.addTo(sum);
    }

    private void enter(long clockNanos) {
        if (clockNanos - nowNanos > 0) {
            nowNanos = clockNanos;
        }
        Generation current = requireNonNull(group.get());
        if (current.number() != generation.number()) {
            contents.clear();
        }
        generation = current;
    }

    private boolean passesFence(StoreKey key, SourcePosition stamp, long loadStartNanos, Barrier groupFloor) {
        return fence.admits(key.hash(), stamp, loadStartNanos, nowNanos, groupFloor);
    }

    private @Nullable Node live(StoreKey key) {
        Node held = contents.get(key);
        if (held != null && held.entry.isExpired(nowNanos)) {
            contents.takeOut(held, Event.EXPIRED);
            return null;
        }
        return held;
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    synchronized void audit() {
        contents.audit();
        if (fence.size() > maxFenceRecords) {
            throw new IllegalStateException("more fence records than allowed");
        }
    }
}
