package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;

import io.sluice.coherence.SourcePosition;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One independent part of a store, with its own lock and its own fence. The lock is held for a few operations in memory
 * at a time; no other lock is taken under it.
 *
 * <p>A hit or a miss takes no lock: what was read is noted in an {@link AccessBuffer} and told to the policy by whoever
 * has the lock next. Such a read answers with what it found in the slot, so it counts as having happened when it looked
 * there. When a Remove has returned the slot is empty, and a read that begins later does not find the entry. A read
 * that sees a change under way asks again under the lock.
 *
 * <p>A Remove of the group changes the shared generation and touches no segment. Each one throws its contents away, in
 * constant time, when it is next changed. Until then they count against the capacity as before, so the bound holds, and
 * nobody can see them, since every use looks at the generation first. A put that races with the Remove either reads the
 * new generation, and with it the new floor, or stores among what the next use throws away.
 *
 * <p>Whatever is thrown in the middle of a change, an OutOfMemoryError above all, may leave entry, index and ranking at
 * odds. So all contents go with it: nobody sees them again, and the next to change something begins with none. The
 * fence stays, and what threw has not been acknowledged to anybody.
 *
 * <p>Its share of the capacity is fair at first; segments lend each other parts of it ({@link Lending}).
 *
 * <p>Safe for use by many threads.
 */
final class Segment {
    /** How exactly the last use is known of entries whose reads are not told. */
    private static final int COARSE_TICKS = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final SegmentCore core;
    private final EntryCodec codec;
    private final KeyTags tags;
    private final AccessBuffer accesses = new AccessBuffer();
    private final AccessBuffer.Reader policy;

    Segment(SegmentCore core, EntryCodec codec, KeyTags tags) {
        this.core = core;
        this.codec = codec;
        this.tags = tags;
        this.policy = core::accessed;
    }

    @Nullable CacheEntry get(StoreKey key, long clockNanos) {
        Contents contents = core.contents();
        long now = core.later(clockNanos);
        if (contents.number() != core.generation().number() || core.isOverdue(now)) {
            return getLocked(key, clockNanos);
        }
        int slot = contents.find(key);
        if (slot == NONE) {
            accesses.miss();
            return null;
        }
        CacheEntry entry = slot == KeyIndex.UNSURE ? null : read(contents, key, slot, now);
        if (entry == null) {
            return getLocked(key, clockNanos);
        }
        accesses.hit();
        note(entry, key, slot, now);
        return entry;
    }

    /** Once a tick for an entry: what is read more often is no better for it. */
    private void note(CacheEntry entry, StoreKey key, int slot, long now) {
        int tick = (int) codec.ticks().of(now);
        int unused = tick - EntryBytes.usedAt(entry.array());
        if (unused == 0) {
            return;
        }
        boolean told = accesses.hasRoom(tick);
        if (told || unused >= COARSE_TICKS) {
            EntryBytes.setUsedAt(entry.array(), tick);
        }
        if (told && accesses.note(slot, key.hash()) && lock.tryLock()) {
            try {
                enter(now);
            } catch (Throwable e) {
                core.breakDown();
                throw e;
            } finally {
                lock.unlock();
            }
        }
    }

    /** As {@link #get}, without a trace. */
    @Nullable CacheEntry peek(StoreKey key, long clockNanos) {
        return locked(clockNanos, inside -> {
            int slot = inside.live(key);
            return slot == NONE ? null : read(inside.contents(), key, slot, inside.later(clockNanos));
        });
    }

    /** What is in the slot; null if it has expired, was changed while it was read, or is another key's. */
    @SuppressWarnings("ReferenceEquality") // The very same array: one is put into a slot once.
    private @Nullable CacheEntry read(Contents contents, StoreKey key, int slot, long now) {
        byte[] bytes = contents.bytes(slot);
        SourcePosition stamp = contents.stamp(slot);
        if (bytes == null
                || stamp == null
                || contents.bytes(slot) != bytes
                || !EntryBytes.hasKey(bytes, key.utf8())
                || codec.isExpired(bytes, now)) {
            return null;
        }
        return codec.view(bytes, stamp, now);
    }

    private @Nullable CacheEntry getLocked(StoreKey key, long clockNanos) {
        return locked(clockNanos, inside -> {
            int slot = inside.live(key);
            CacheEntry entry = slot == NONE ? null : read(inside.contents(), key, slot, inside.later(clockNanos));
            if (entry == null) {
                accesses.miss();
                return null;
            }
            accesses.hit();
            inside.accessed(slot, key.hash());
            return entry;
        });
    }

    /** What the entry would count. Takes no lock. */
    long weightOf(StoreKey key, CacheEntry entry) {
        return core.contents().weightOf((long) key.utf8().length + entry.length());
    }

    /**
     * @param inherited whether it is as {@link CacheStore#putInherited} says
     * @param mayHold asked under the lock
     */
    PutResult put(StoreKey key, CacheEntry entry, boolean inherited, BooleanSupplier mayHold, long clockNanos) {
        boolean fits = key.utf8().length <= EntryBytes.MAX_KEY
                && weightOf(key, entry) <= Math.min(core.fairShare(), Integer.MAX_VALUE);
        byte[] bytes = fits ? codec.encode(key, entry, clockNanos) : null;
        long[] keyTags = tags.of(key.utf8());
        return locked(clockNanos, inside -> inside.put(key, keyTags, entry, bytes, inherited, mayHold));
    }

    RemoveResult remove(StoreKey key, SourcePosition position, long clockNanos) {
        return locked(clockNanos, inside -> inside.remove(key, position));
    }

    /** Remembers the Remove of a tag; from now on the sweep is to go on until it is done. */
    TagSweep removeTag(long tag, SourcePosition position, long clockNanos) {
        return locked(clockNanos, inside -> inside.removeTag(tag, position));
    }

    /** Looks at so many entries at most; true when the sweep is done. */
    boolean goOn(TagSweep sweep, int most, long clockNanos) {
        return locked(clockNanos, inside -> sweep.goOn(inside, most));
    }

    SourcePosition floor(long clockNanos) {
        return locked(clockNanos, SegmentCore::floor);
    }

    SourcePosition demanded(long clockNanos) {
        return locked(clockNanos, SegmentCore::demanded);
    }

    void exempt(SourcePosition phantoms, long clockNanos) {
        locked(clockNanos, inside -> {
            inside.exempt(phantoms);
            return true;
        });
    }

    boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos, long clockNanos) {
        long[] keyTags = tags.of(key.utf8());
        return locked(clockNanos, inside -> inside.admits(key, keyTags, stamp, loadStartNanos));
    }

    /** What is held, in no order. */
    byte[][] held(long clockNanos) {
        return locked(clockNanos, inside -> inside.contents().all());
    }

    /** Lets go of those of the entries that are still held. */
    void drop(List<byte[]> unwanted, long clockNanos) {
        locked(clockNanos, inside -> {
            inside.drop(unwanted);
            return true;
        });
    }

    /** Reclaims what has expired, at most about so many entries; false when there may be more. */
    boolean expire(int budget, long clockNanos) {
        return locked(clockNanos, inside -> inside.expire(budget));
    }

    /** What this segment could lend, or would have to do without, a moment ago. Takes no lock. */
    Offer offer() {
        return core.offer();
    }

    /** Its part of the capacity, a moment ago. Takes no lock. */
    long share() {
        return core.offer().share();
    }

    /** Its part of the capacity if all had the same. Takes no lock. */
    long fairShare() {
        return core.fairShare();
    }

    /** As {@link SegmentCore#lend}. */
    Loan lend(long wanted, int minimumAge, long clockNanos) {
        return locked(clockNanos, inside -> inside.lend(wanted, minimumAge));
    }

    /** Takes a loan in, or back; false when it is void. */
    boolean borrow(Loan loan, long clockNanos) {
        return locked(clockNanos, inside -> inside.borrow(loan));
    }

    /** Begins anew with a share of so much, and evicts what is over it. */
    void resize(long newShare, long newFairShare, int newEra, long clockNanos) {
        locked(clockNanos, inside -> {
            inside.resize(newShare, newFairShare, newEra);
            return true;
        });
    }

    void addTo(Tally sum, long clockNanos) {
        locked(clockNanos, inside -> {
            inside.addTo(sum);
            sum.count(Event.HIT, accesses.hits());
            sum.count(Event.MISS, accesses.misses());
            return true;
        });
    }

    private <T extends @Nullable Object> T locked(long clockNanos, Function<SegmentCore, T> work) {
        lock.lock();
        try {
            enter(clockNanos);
            return work.apply(core);
        } catch (Throwable e) {
            core.breakDown();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** First the reads: they are of the generation that may end now. */
    private void enter(long clockNanos) {
        accesses.drain(policy);
        core.enter(clockNanos);
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    void audit() {
        lock.lock();
        try {
            core.audit();
        } finally {
            lock.unlock();
        }
    }
}
