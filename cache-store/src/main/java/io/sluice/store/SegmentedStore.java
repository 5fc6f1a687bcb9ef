package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Barrier;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CacheStore} of independently locked segments, in a {@link StorePool} that bounds it and its like together. A
 * call takes the lock of one segment at most at a time, and {@link #get} none as a rule.
 *
 * <p>Safe for use by many threads; has no thread and needs no closing. Invariants: those of {@link SegmentCore}; a key
 * is always in the same segment.
 */
public final class SegmentedStore implements CacheStore {
    private static final int ENTRY_BYTES = 60;
    private static final int TAG_BYTES = 32;
    private static final int DROP_BATCH = 256;
    private static final int SWEEP_BATCH = 256;
    private static final int EXPIRE_BATCH = 256;

    private final StorePool pool;
    private final AtomicReference<Generation> group;
    private final Segment[] segments;
    private final KeyHasher hasher;
    private final PolicyKind policy;
    private final Lending lending;
    private final LongSupplier nanoClock;
    private final StoreEvents events;
    private final int shift;

    /** An empty store in a pool of its own, which only it takes from; parameters as in {@link StorePool}. */
    public static SegmentedStore ofCapacity(
            long capacityBytes, StoreSettings settings, KeyHasher hasher, LongSupplier nanoClock) {
        return ofCapacity(capacityBytes, settings, hasher, KeyTags.NONE, nanoClock);
    }

    /** The same whose entries can be removed by tag as well. */
    public static SegmentedStore ofCapacity(
            long capacityBytes, StoreSettings settings, KeyHasher hasher, KeyTags tags, LongSupplier nanoClock) {
        return new StorePool(capacityBytes, nanoClock).add(settings, hasher, tags);
    }

    SegmentedStore(
            StorePool pool,
            AtomicReference<Generation> group,
            Segment[] segments,
            KeyHasher hasher,
            PolicyKind policy,
            Lending lending,
            LongSupplier nanoClock,
            StoreEvents events) {
        this.pool = pool;
        this.group = group;
        this.segments = segments;
        this.hasher = hasher;
        this.policy = policy;
        this.lending = lending;
        this.nanoClock = nanoClock;
        this.events = events;
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(segments.length);
    }

    /**
     * What an entry counts beside the bytes of its key and value: what it takes on the heap, measured with a million
     * entries ({@code docs/benchmarks.md}). That is its array's header and padding, the numbers in it, two references,
     * its place in the index, and what the policy remembers for it. The stamp is not in it, which entries loaded at one
     * position share.
     */
    public static int entryOverheadBytes(PolicyKind policy) {
        return ENTRY_BYTES + policy.bytesPerEntry();
    }

    /**
     * The same in a store with tags. Each tag that a key can have counts as if no other entry had it: the links of a
     * slot, and a place in a table that is a third full or more. Tags that many share take a quarter of it.
     */
    public static int entryOverheadBytes(PolicyKind policy, KeyTags tags) {
        return entryOverheadBytes(policy) + tags.most() * TAG_BYTES;
    }

    @Override
    public @Nullable CacheEntry get(StoreKey key) {
        return segment(key).get(key, nanoClock.getAsLong());
    }

    @Override
    public @Nullable CacheEntry peek(StoreKey key) {
        return segment(key).peek(key, nanoClock.getAsLong());
    }

    @Override
    public PutResult put(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        return put(key, entry, false, mayHold);
    }

    @Override
    public PutResult putInherited(StoreKey key, CacheEntry entry, BooleanSupplier mayHold) {
        return put(key, entry, true, mayHold);
    }

    private PutResult put(StoreKey key, CacheEntry entry, boolean inherited, BooleanSupplier mayHold) {
        requireNonNull(entry, "entry is null");
        Segment own = segment(key);
        long now = nanoClock.getAsLong();
        long needed = own.weightOf(key, entry);
        lending.makeRoom(own, needed, now);
        PutResult result = own.put(key, entry, inherited, mayHold, now);
        if (result == PutResult.STORED) {
            lending.settle(own, needed, now);
        }
        return result;
    }

    @Override
    public RemoveResult remove(StoreKey key, SourcePosition position) {
        requireNonNull(position, "position is null");
        return segment(key).remove(key, position, nanoClock.getAsLong());
    }

    /**
     * Recorded in every segment first. Then the segments take turns, so that whoever waits for a lock gets it while the
     * others are worked at.
     */
    @Override
    public RemoveResult removeTag(long tag, SourcePosition position) {
        requireNonNull(position, "position is null");
        Map<Segment, TagSweep> sweeps = new LinkedHashMap<>();
        for (Segment segment : segments) {
            sweeps.put(segment, segment.removeTag(tag, position, nanoClock.getAsLong()));
        }
        List<TagSweep> all = List.copyOf(sweeps.values());
        while (!sweeps.isEmpty()) {
            sweeps.entrySet().removeIf(each -> each.getKey().goOn(each.getValue(), SWEEP_BATCH, nanoClock.getAsLong()));
        }
        RemoveResult result = all.stream().anyMatch(TagSweep::leftAny) ? RemoveResult.COVERED : RemoveResult.REMOVED;
        events.removed(tag, position, result);
        return result;
    }

    @Override
    public void removeAll(SourcePosition position) {
        Barrier remove = Barrier.of(position, nanoClock.getAsLong());
        group.updateAndGet(current -> current.next(remove));
        events.groupRemoved(position);
    }

    @Override
    public void clear() {
        group.updateAndGet(current -> current.next(Barrier.NONE));
        events.groupDropped();
    }

    @Override
    public void raiseFloor(SourcePosition position) {
        Barrier remove = Barrier.of(position, nanoClock.getAsLong());
        group.updateAndGet(current -> current.raised(remove));
        events.floorRaised(position);
    }

    @Override
    public void exempt(SourcePosition phantoms) {
        requireNonNull(phantoms, "phantoms is null");
        group.updateAndGet(current -> current.without(phantoms));
        for (Segment segment : segments) {
            segment.exempt(phantoms, nanoClock.getAsLong());
        }
    }

    @Override
    public SourcePosition floor() {
        SourcePosition floor = group.get().floor().position();
        for (Segment segment : segments) {
            floor = floor.union(segment.floor(nanoClock.getAsLong()));
        }
        return floor;
    }

    /**
     * What every Remove and ring so far, taken together, demands; for a store that takes the place of this one. UNKNOWN
     * for nothing. Goes through all fences: not for network threads.
     */
    public SourcePosition demanded() {
        SourcePosition demanded = group.get().floor().position();
        for (Segment segment : segments) {
            demanded = demanded.union(segment.demanded(nanoClock.getAsLong()));
        }
        return demanded;
    }

    @Override
    public boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos) {
        requireNonNull(stamp, "stamp is null");
        return segment(key).admits(key, stamp, loadStartNanos, nanoClock.getAsLong());
    }

    @Override
    public void retainIf(LongPredicate keyHash) {
        requireNonNull(keyHash, "keyHash is null");
        for (Segment segment : segments) {
            List<byte[]> unwanted = new ArrayList<>();
            for (byte[] entry : segment.held(nanoClock.getAsLong())) {
                if (!keyHash.test(EntryBytes.hash(entry, hasher))) {
                    unwanted.add(entry);
                }
            }
            for (int from = 0; from < unwanted.size(); from += DROP_BATCH) {
                int to = Math.min(from + DROP_BATCH, unwanted.size());
                segment.drop(unwanted.subList(from, to), nanoClock.getAsLong());
            }
        }
    }

    @Override
    public void reclaimExpired() {
        for (Segment segment : segments) {
            boolean done = false;
            while (!done) {
                done = segment.expire(EXPIRE_BATCH, nanoClock.getAsLong());
            }
        }
    }

    @Override
    public PolicyKind policy() {
        return policy;
    }

    @Override
    public StoreStats stats() {
        Tally sum = new Tally();
        for (Segment segment : segments) {
            segment.addTo(sum, nanoClock.getAsLong());
        }
        return sum.toStats(pool.capacityBytes());
    }

    /** The pool that bounds it. */
    StorePool pool() {
        return pool;
    }

    Stream<Segment> segments() {
        return Arrays.stream(segments);
    }

    /**
     * Mixes the hash, because the ring orders keys by its high bits: those of one node's arcs would crowd in few
     * segments.
     */
    private Segment segment(StoreKey key) {
        long mixed = key.hash() * 0x9E37_79B9_7F4A_7C15L;
        return segments[segments.length == 1 ? 0 : (int) (mixed >>> shift)];
    }

    /** Throws IllegalStateException if an invariant of the structure does not hold; for tests. */
    void audit() {
        for (Segment segment : segments) {
            segment.audit();
        }
        pool.audit();
    }
}
