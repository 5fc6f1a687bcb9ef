package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.node.record.FlightRecorder;
import io.sluice.store.KeyTags;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StorePool;
import io.sluice.store.StoreSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a node: a pool for each group that has a capacity of its own, and one that all others share. The thread
 * {@code sluice-store-expiry} gives back what has expired in stores that are not used.
 *
 * <p>Thread-safe. Invariant: all groups together never hold more than the node's capacity.
 */
final class Stores implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Stores.class);
    private static final int RECLAIM_SECONDS = 1;
    private static final int CLOSE_SECONDS = 5;

    private final Map<String, StorePool> own = new HashMap<>();
    private final StorePool shared;
    private final FlightRecorder recorder;
    private final List<SegmentedStore> all = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sluice-store-expiry").daemon().factory());

    /** Pools of these sizes in bytes: of groups that have one of their own, and of the rest together. */
    Stores(Map<String, Long> ownCapacities, long sharedCapacity, FlightRecorder recorder, LongSupplier nanoClock) {
        this.recorder = requireNonNull(recorder, "recorder is null");
        ownCapacities.forEach((group, bytes) -> own.put(group, new StorePool(bytes, nanoClock)));
        this.shared = new StorePool(sharedCapacity, nanoClock);
        var _ = thread.scheduleWithFixedDelay(this::reclaim, RECLAIM_SECONDS, RECLAIM_SECONDS, TimeUnit.SECONDS);
    }

    /** A new store for the group, whose keys carry these tags. */
    SegmentedStore open(String group, StoreSettings settings, KeyTags tags) {
        StorePool pool = requireNonNull(own.getOrDefault(group, shared));
        SegmentedStore store = pool.add(settings, KeyHash.ofGroup(group)::hash, tags, recorder.of(group));
        all.add(store);
        return store;
    }

    /** The group is gone: what it held is too, and its room is the others'. */
    void close(String group, SegmentedStore store) {
        all.remove(store);
        requireNonNull(own.getOrDefault(group, shared)).remove(store);
    }

    private void reclaim() {
        try {
            all.forEach(SegmentedStore::reclaimExpired);
        } catch (Throwable e) {
            // A task that throws would be the last of its kind, and nothing would say so.
            log.error("Expired entries could not be reclaimed; they stay until room is needed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The thread that reclaims expired entries did not end within {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
