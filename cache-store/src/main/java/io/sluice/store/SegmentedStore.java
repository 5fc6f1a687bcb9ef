package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Barrier;
import io.sluice.coherence.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CacheStore} of independently locked segments, whose shares of the capacity are equal at first and move to
 * where they are needed ({@link Lending}). A call takes the lock of one segment at most at a time.
 *
 * <p>Safe for use by many threads; has no thread and needs no closing. Invariants: those of {@link Segment}, so the
 * bytes held never exceed the capacity; a key is always in the same segment.
 */
public final class SegmentedStore implements CacheStore {
    /**
     * What an entry takes on the heap beside the bytes of its key and value: map node and slot, {@link Node},
     * {@link StoreKey}, {@link CacheEntry}, two array headers and what the policy counts. Measured with a million
     * entries and w-tinylfu: 187 bytes, with compact object headers 171; lru takes 8 less. Not in it: the stamp, which
     * entries loaded at one position share, and what arc and s3-fifo remember of departed entries, up to 28 bytes for
     * each held.
     */
    public static final int ENTRY_OVERHEAD_BYTES = 192;

    private static final int DROP_BATCH = 256;

    private final LongSupplier nanoClock;
    private final AtomicReference<Generation> group = new AtomicReference<>(Generation.FIRST);
    private final Segment[] segments;
    private final Lending lending;
    private final int shift;
    private final Object resizing = new Object();
    private volatile long capacityBytes;
    private int era;

    /**
     * An empty store.
     *
     * @param nanoClock the monotonic clock in nanoseconds by which entries are timed as well. Should it go backwards,
     *     nothing lives longer and positions decide as before; what is judged by time alone is only as good as the
     *     clock
     */
    public SegmentedStore(StoreSettings settings, LongSupplier nanoClock) {
        requireNonNull(settings, "settings is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.segments = new Segment[settings.segments()];
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(settings.segments());
        this.capacityBytes = settings.capacityBytes();
        long share = settings.capacityBytes() / settings.segments();
        long now = nanoClock.getAsLong();
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(share, settings.fence(), settings.policy(), group, now);
        }
        this.lending = new Lending(segments);
    }

    @Override
    public @Nullable CacheEntry get(StoreKey key) {
        return segment(key).get(key, nanoClock.getAsLong());
    }

    @Override
    public PutResult put(StoreKey key, CacheEntry entry) {
        return put(key, entry, false);
    }

    @Override
    public PutResult putInherited(StoreKey key, CacheEntry entry) {
        return put(key, entry, true);
    }

    private PutResult put(StoreKey key, CacheEntry entry, boolean inherited) {
        requireNonNull(entry, "entry is null");
        Segment own = segment(key);
        long now = nanoClock.getAsLong();
        if (segments.length == 1) {
            return own.put(key, entry, inherited, now);
        }
        long needed = bytesOf(key, entry);
        lending.makeRoom(own, needed, now);
        PutResult result = own.put(key, entry, inherited, now);
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

    @Override
    public void removeAll(SourcePosition position) {
        Barrier remove = Barrier.of(position, nanoClock.getAsLong());
        group.updateAndGet(current -> current.next(remove));
    }

    @Override
    public void raiseFloor(SourcePosition position) {
        Barrier removes = Barrier.of(position, nanoClock.getAsLong());
        group.updateAndGet(current -> current.raised(removes));
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
            List<Node> unwanted = new ArrayList<>();
            for (Node node : segment.held(nanoClock.getAsLong())) {
                if (!keyHash.test(node.key.hash())) {
                    unwanted.add(node);
                }
            }
            for (int from = 0; from < unwanted.size(); from += DROP_BATCH) {
                int to = Math.min(from + DROP_BATCH, unwanted.size());
                segment.drop(unwanted.subList(from, to), nanoClock.getAsLong());
            }
        }
    }

    /**
     * Changes the capacity. A smaller one is exceeded until this returns, and not after. Each segment begins anew with
     * an equal share. Takes time in proportion to what is evicted: not for network threads.
     */
    public void resize(long newCapacityBytes) {
        if (newCapacityBytes < 0) {
            throw new IllegalArgumentException("capacity is " + newCapacityBytes + " bytes, must not be negative");
        }
        synchronized (resizing) {
            era++;
            for (Segment segment : segments) {
                segment.resize(newCapacityBytes / segments.length, era, nanoClock.getAsLong());
            }
            capacityBytes = newCapacityBytes;
        }
    }

    /** What an entry counts. */
    static long bytesOf(StoreKey key, CacheEntry entry) {
        return ENTRY_OVERHEAD_BYTES + (long) key.utf8().length + entry.value().length;
    }

    @Override
    public StoreStats stats() {
        Tally sum = new Tally();
        for (Segment segment : segments) {
            segment.addTo(sum, nanoClock.getAsLong());
        }
        return sum.toStats(capacityBytes);
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
        long shares = 0;
        for (Segment segment : segments) {
            segment.audit();
            shares += segment.share();
        }
        if (shares > capacityBytes) {
            throw new IllegalStateException("the segments' shares are more than the capacity");
        }
    }
}
