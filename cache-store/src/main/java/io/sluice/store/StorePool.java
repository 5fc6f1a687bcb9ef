package io.sluice.store;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The memory that several stores share: one capacity for all of them. Each segment of each store has the same share at
 * first; from then on it moves to where it is needed ({@link Lending}), from group to group as well as within one.
 *
 * <p>Safe for use by many threads; has no thread and needs no closing. Invariant: what all its stores hold never takes
 * more than the capacity.
 */
public final class StorePool {
    private final LongSupplier nanoClock;
    private final EntryCodec codec;
    private final Lending lending;
    private final List<SegmentedStore> stores = new ArrayList<>();
    private volatile long capacityBytes;
    private int era;

    /**
     * A pool without stores.
     *
     * @param capacityBytes bound of everything held, not negative; 0 keeps nothing
     * @param nanoClock the monotonic clock in nanoseconds by which entries are timed as well. Should it go backwards,
     *     nothing lives longer and positions decide as before; what is judged by time alone is only as good as the
     *     clock
     */
    public StorePool(long capacityBytes, LongSupplier nanoClock) {
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.codec = new EntryCodec(new Ticks(nanoClock.getAsLong()));
        this.lending = new Lending(codec.ticks());
        this.capacityBytes = checked(capacityBytes);
    }

    /**
     * A new store in the pool. Those that are there give up room for its fair share, each in proportion to what it has:
     * what is over that is evicted.
     */
    public SegmentedStore add(StoreSettings settings, KeyHasher hasher) {
        return add(settings, hasher, KeyTags.NONE);
    }

    /** The same whose entries can be removed by these tags as well. */
    public SegmentedStore add(StoreSettings settings, KeyHasher hasher, KeyTags tags) {
        return add(settings, hasher, tags, StoreEvents.NONE);
    }

    /** The same, which tells what becomes of its keys. */
    public synchronized SegmentedStore add(StoreSettings settings, KeyHasher hasher, KeyTags tags, StoreEvents events) {
        requireNonNull(events, "events is null");
        requireNonNull(settings, "settings is null");
        requireNonNull(hasher, "hasher is null");
        if (tags.most() < 0 || tags.most() > KeyTags.LIMIT) {
            throw new IllegalArgumentException(
                    "a key has up to " + tags.most() + " tags, must be from 0 to " + KeyTags.LIMIT);
        }
        AtomicReference<Generation> group = new AtomicReference<>(Generation.FIRST);
        Segment[] segments = new Segment[settings.segments()];
        SegmentCore.ContentsMaker maker = (generation, share, nowTick, tally) ->
                new Contents(generation, hasher, tags, settings.policy(), share, nowTick, tally, events);
        for (int i = 0; i < segments.length; i++) {
            SegmentCore core = new SegmentCore(settings.fence(), maker, group, codec, nanoClock.getAsLong(), events);
            segments[i] = new Segment(core, codec, tags);
        }
        SegmentedStore store =
                new SegmentedStore(this, group, segments, hasher, settings.policy(), lending, nanoClock, events);
        stores.add(store);
        share(segment -> segment.fairShare() > 0 ? segment.share() : Long.MIN_VALUE);
        return store;
    }

    /** Takes a store out of the pool: it holds nothing any more, and its room goes to the others. */
    public synchronized void remove(SegmentedStore store) {
        if (stores.remove(store)) {
            era++;
            lending.among(new Segment[0]);
            store.segments().forEach(segment -> segment.resize(0, 0, era, nanoClock.getAsLong()));
            share(Segment::share);
        }
    }

    /**
     * Changes the capacity. A smaller one is exceeded until this returns, and not after. Each segment begins anew with
     * an equal share. Takes time in proportion to what is evicted: not for network threads.
     */
    public synchronized void resize(long newCapacityBytes) {
        capacityBytes = checked(newCapacityBytes);
        share(segment -> 1);
    }

    /** The bound of what all stores together hold, in bytes. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /**
     * Gives each segment its part of the capacity.
     *
     * @param weight what the parts of those that have a share already are in proportion to; less than 0 for a newcomer,
     *     which gets a fair share
     */
    private void share(ToLongFunction<Segment> weight) {
        era++;
        Segment[] all = stores.stream().flatMap(SegmentedStore::segments).toArray(Segment[]::new);
        lending.among(new Segment[0]);
        long fairShare = all.length == 0 ? 0 : capacityBytes / all.length;
        long[] shares = shares(all, fairShare, weight);
        // First those give that have too much, so that the sum stays in bounds while the others get.
        for (int i = 0; i < all.length; i++) {
            all[i].resize(Math.min(all[i].share(), shares[i]), fairShare, era, nanoClock.getAsLong());
        }
        for (int i = 0; i < all.length; i++) {
            all[i].resize(shares[i], fairShare, era, nanoClock.getAsLong());
        }
        lending.among(all);
    }

    private long[] shares(Segment[] all, long fairShare, ToLongFunction<Segment> weight) {
        long[] weights = Arrays.stream(all).mapToLong(weight).toArray();
        long newcomers = Arrays.stream(weights).filter(each -> each < 0).count();
        double sum = Arrays.stream(weights).filter(each -> each > 0).sum();
        double rest = capacityBytes - fairShare * newcomers;
        return Arrays.stream(weights)
                .map(each -> each < 0 || sum == 0 ? fairShare : (long) (rest * (each / sum)))
                .toArray();
    }

    private static long checked(long capacityBytes) {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("capacity is " + capacityBytes + " bytes, must not be negative");
        }
        return capacityBytes;
    }

    /** Throws IllegalStateException if an invariant does not hold; for tests. */
    synchronized void audit() {
        long shares = stores.stream()
                .flatMap(SegmentedStore::segments)
                .mapToLong(Segment::share)
                .sum();
        if (shares > capacityBytes) {
            throw new IllegalStateException("the segments' shares are more than the capacity");
        }
    }
}
