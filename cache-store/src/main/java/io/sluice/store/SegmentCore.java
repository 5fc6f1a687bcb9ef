package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;
import static java.util.Objects.requireNonNull;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Segment} does under its lock: contents and fence kept as one, time, and the share of the capacity.
 *
 * <p>Guarded by the segment's lock, {@link #contents}, {@link #later}, {@link #fairShare} and {@link #offer} aside.
 * Every use begins with {@link #enter}. Invariants: those of {@link Contents}; admission and storing, and recording a
 * Remove and deleting, are one step each.
 *
 * <p>Time never runs backwards in here ({@link SegmentClock}).
 */
final class SegmentCore {
    /** A segment keeps this part of its fair share whatever it lends. */
    private static final int LEAST_PART = 4;

    /** How many expired entries one call reclaims beside its own work. */
    private static final int EXPIRE_BUDGET = 32;

    private final AtomicReference<Generation> group;
    private final EntryCodec codec;
    private final SegmentFence fence;
    private final ContentsMaker maker;
    private final Tally tally = new Tally();
    private final StoreEvents events;
    private volatile Contents contents;
    private final SegmentClock clock;
    private volatile long fairShare;
    private volatile Offer offer = new Offer(0, 0, 0, false);
    private volatile long enteredNanos;
    private volatile boolean broken;
    private int era;

    /** Makes empty contents: for the first generation and for each that follows. */
    interface ContentsMaker {
        Contents make(Generation generation, long share, long nowTick, Tally tally);
    }

    /** Its share is 0 until it is resized. */
    SegmentCore(
            FenceLimits fenceLimits,
            ContentsMaker maker,
            AtomicReference<Generation> group,
            EntryCodec codec,
            long nowNanos,
            StoreEvents events) {
        this.group = group;
        this.codec = codec;
        this.events = events;
        this.fence = new SegmentFence(fenceLimits);
        this.maker = maker;
        this.clock = new SegmentClock(nowNanos);
        this.enteredNanos = nowNanos;
        this.contents = maker.make(generation(), 0, codec.ticks().of(nowNanos), tally);
    }

    /** What is held; of a removed generation until the next {@link #enter}. */
    Contents contents() {
        return contents;
    }

    /** As {@link SegmentClock#later}. */
    long later(long clockNanos) {
        return clock.later(clockNanos);
    }

    private long now() {
        return clock.now();
    }

    /** The group's generation now. */
    Generation generation() {
        return requireNonNull(group.get());
    }

    /** Something was thrown in the middle of a change: what is held cannot be trusted any more. Allocates nothing. */
    void breakDown() {
        broken = true;
    }

    /**
     * Whether a reader must not look at the contents: they are broken, or so long untouched that an expiry in ticks
     * could be taken for one to come.
     */
    boolean isOverdue(long nowNanos) {
        return broken || nowNanos - enteredNanos > EntryCodec.REACH;
    }

    /** Takes note of the time and of the group's generation, and reclaims a little of what has expired. */
    void enter(long clockNanos) {
        clock.reach(clockNanos);
        Generation current = generation();
        if (current.number() != contents.number()) {
            begin(current, Event.REMOVED);
        } else if (isOverdue(now())) {
            // After so long everything has expired.
            begin(current, broken ? Event.DROPPED : Event.EXPIRED);
        }
        enteredNanos = now();
        contents.expire(codec.ticks().of(now()), EXPIRE_BUDGET);
    }

    /** Goes on with empty contents; the old ones are gone for this reason. */
    private void begin(Generation generation, Event reason) {
        contents = maker.make(generation, contents.share(), codec.ticks().of(now()), tally);
        tally.countGone(reason);
        broken = false;
        publish();
    }

    /** The slot of the key if what it has has not expired, or NONE. */
    int live(StoreKey key) {
        int slot = contents.find(key);
        if (slot != NONE && codec.isExpired(contents.held(slot), now())) {
            contents.takeOut(slot, Event.EXPIRED);
            return NONE;
        }
        return slot;
    }

    void accessed(int slot, long hash) {
        contents.accessed(slot, hash);
    }

    /**
     * @param tags of the key; null when they cannot be told
     * @param bytes the entry as it will be held, or null when it is too large to be
     * @param inherited whether it is as {@link CacheStore#putInherited} says
     * @param mayHold as in {@link CacheStore#put(StoreKey, CacheEntry, BooleanSupplier)}
     */
    PutResult put(
            StoreKey key,
            long @Nullable [] tags,
            CacheEntry entry,
            byte @Nullable [] bytes,
            boolean inherited,
            BooleanSupplier mayHold) {
        PutResult result =
                tags != null && mayHold.getAsBoolean() ? admit(key, tags, entry, bytes, inherited) : PutResult.REFUSED;
        if (result != PutResult.STORED) {
            tally.count(result.event());
        }
        events.offered(key.hash(), entry.stamp(), result);
        return result;
    }

    private PutResult admit(StoreKey key, long[] tags, CacheEntry entry, byte @Nullable [] bytes, boolean inherited) {
        boolean tooOld = now() - entry.loadStartNanos() > EntryCodec.REACH;
        if (tooOld || entry.isExpired(now()) || !fence.admits(key, tags, entry, generation(), inherited, now())) {
            return PutResult.REFUSED;
        }
        int held = live(key);
        if (held != NONE && codec.isFresher(contents.held(held), contents.heldStamp(held), entry)) {
            return PutResult.SUPERSEDED;
        }
        if (bytes == null || contents.weightOf(EntryBytes.payload(bytes)) > Math.min(contents.share(), fairShare)) {
            if (held != NONE) {
                contents.takeOut(held, Event.REPLACED);
            }
            return PutResult.TOO_LARGE;
        }
        // The tick before, so that a read in this one is not taken for a second.
        EntryBytes.setUsedAt(bytes, tick() - 1);
        contents.takeIn(key, tags, bytes, entry.stamp(), held);
        publish();
        return PutResult.STORED;
    }

    RemoveResult remove(StoreKey key, SourcePosition position) {
        fence.record(key.hash(), position, now());
        int held = live(key);
        RemoveResult result =
                held == NONE || removeUnlessCovered(held, position) ? RemoveResult.REMOVED : RemoveResult.COVERED;
        events.removed(key.hash(), position, result);
        return result;
    }

    /** Remembers the Remove of a tag; what carries it is left to the sweep. */
    TagSweep removeTag(long tag, SourcePosition position) {
        fence.record(tag, position, now());
        return new TagSweep(contents, tag, position);
    }

    /** Takes an entry away that has expired or whose stamp does not cover the position; false when it stays. */
    boolean removeUnlessCovered(int slot, SourcePosition position) {
        boolean expired = codec.isExpired(contents.held(slot), now());
        if (!expired && contents.heldStamp(slot).covers(position)) {
            tally.count(Event.COVERED);
            return false;
        }
        contents.takeOut(slot, expired ? Event.EXPIRED : Event.REMOVED);
        publish();
        return true;
    }

    /** As {@link SegmentFence#demanded}. */
    SourcePosition demanded() {
        return fence.demanded();
    }

    /** As {@link SegmentFence#exempt}. */
    void exempt(SourcePosition phantoms) {
        fence.exempt(phantoms);
    }

    /** Whether the fence and the group's floor admit a value of the key with these tags. */
    boolean admits(StoreKey key, long @Nullable [] tags, SourcePosition stamp, long loadStartNanos) {
        return tags != null
                && fence.admits(key, tags, stamp, loadStartNanos, generation().floor(), now());
    }

    /** Lets go of those of the entries that are still held. */
    void drop(List<byte[]> unwanted) {
        unwanted.forEach(contents::drop);
        publish();
    }

    /** Reclaims what has expired, at most about so many entries; false when there may be more. */
    boolean expire(int budget) {
        boolean all = contents.expire(codec.ticks().of(now()), budget);
        publish();
        return all;
    }

    Offer offer() {
        return offer;
    }

    long fairShare() {
        return fairShare;
    }

    /**
     * Lends up to so many bytes: what is free, and what entries take that go because they have reached an age in ticks.
     * Never so much that less than a part of the fair share is left.
     */
    Loan lend(long wanted, int minimumAge) {
        long most = Math.max(0, Math.min(wanted, contents.share() - fairShare / LEAST_PART));
        int now = tick();
        while (contents.free() < most && contents.size() > 0 && now - contents.coldestUsedAt(now) >= minimumAge) {
            contents.evictOne();
        }
        long lent = Math.min(most, contents.free());
        changeShare(contents.share() - lent);
        return new Loan(lent, era);
    }

    /** Takes a loan in, or back; false when it is void. */
    boolean borrow(Loan loan) {
        if (loan.era() != era) {
            return false;
        }
        changeShare(contents.share() + loan.bytes());
        return true;
    }

    /** Begins anew with a share of so much, and evicts what is over it. */
    void resize(long newShare, long newFairShare, int newEra) {
        fairShare = newFairShare;
        era = newEra;
        changeShare(newShare);
    }

    private void changeShare(long newShare) {
        contents.resize(newShare);
        publish();
    }

    private void publish() {
        offer = new Offer(contents.share(), contents.free(), contents.coldestUsedAt(tick()), contents.isPressed());
    }

    private int tick() {
        return (int) codec.ticks().of(now());
    }

    void addTo(Tally sum) {
        sum.add(tally, contents.size(), contents.weight());
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    void audit() {
        contents.audit();
        tally.audit(contents.size());
        fence.audit();
    }
}
