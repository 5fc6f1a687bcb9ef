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
 * A {@link CacheStore} of independently locked segments, each with an equal share of the capacity. A call takes the
 * lock of one segment at most at a time.
 *
 * <p>Safe for use by many threads; has no thread and needs no closing. Invariants: those of {@link Segment}, so the
 * bytes held never exceed the capacity; a key is always in the same segment.
 */
public final class SegmentedStore implements CacheStore {
    /**
     * What an entry takes on the heap beside the bytes of its key and value: map node and slot, {@link Node},
     * {@link StoreKey}, {@link CacheEntry} and two array headers. Measured with a million entries: 190 bytes, with
     * compact object headers 166. The stamp is not in it: entries loaded at one position share it.
     */
    public static final int ENTRY_OVERHEAD_BYTES = 192;

    private static final int DROP_BATCH = 256;

    private final StoreSettings settings;
    private final LongSupplier nanoClock;
    private final AtomicReference<Generation> group = new AtomicReference<>(Generation.FIRST);
    private final Segment[] segments;
    private final int shift;

    /**
     * An empty store.
     *
     * @param nanoClock the monotonic clock in nanoseconds by which entries are timed as well. Should it go backwards,
     *     nothing lives longer and positions decide as before; what is judged by time alone is only as good as the
     *     clock
     */
    public SegmentedStore(StoreSettings settings, LongSupplier nanoClock) {
        this.settings = requireNonNull(settings, "settings is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.segments = new Segment[settings.segments()];
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(settings.segments());
        long share = settings.capacityBytes() / settings.segments();
        long now = nanoClock.getAsLong();
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(share, settings.fence(), settings.policy(), group, now);
        }
    }

    @Override
    public @Nullable CacheEntry get(StoreKey key) {
        return segment(key).get(key, nanoClock.getAsLong());
    }

    @Override
    public PutResult put(StoreKey key, CacheEntry entry) {
        requireNonNull(entry, "entry is null");
        return segment(key).put(key, entry, nanoClock.getAsLong());
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

    @Override
    public StoreStats stats() {
        Tally sum = new Tally();
        for (Segment segment : segments) {
            segment.addTo(sum, nanoClock.getAsLong());
        }
        return sum.toStats(settings.capacityBytes());
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
    }
}
