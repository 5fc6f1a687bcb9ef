package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Fence;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.EvictionPolicy;
import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One independently locked part of a store, with its own fence. Its lock is its monitor, held for a few map operations
 * at a time; no other lock is taken under it.
 *
 * <p>Safe for use by many threads. Invariants: {@code bytes} is the sum over all nodes and never above the capacity;
 * the policy ranks exactly the nodes in the map; admission and storing, and recording a Remove and deleting, are one
 * step each.
 *
 * <p>A Remove of the group changes the shared generation and touches no segment. Each one throws its contents away, in
 * constant time, when it is next used. Until then they count against the capacity as before, so the bound holds, and
 * nobody can see them, since every use starts here with {@link #enter}. A put that races with the Remove either reads
 * the new generation, and with it the new floor, or stores among what the next use throws away.
 *
 * <p>Time never runs backwards in here: a clock that does stands still until it has caught up.
 */
final class Segment {
    private final long capacityBytes;
    private final PolicyKind policyKind;
    private final AtomicReference<Generation> group;
    private final Fence fence;
    private final int maxFenceRecords;
    private final Tally tally = new Tally();

    private Generation generation;
    private Map<StoreKey, Node> nodes = new HashMap<>();
    private EvictionPolicy policy;
    private long bytes;
    private long nowNanos;

    Segment(
            long capacityBytes,
            FenceLimits fenceLimits,
            PolicyKind policyKind,
            AtomicReference<Generation> group,
            long nowNanos) {
        this.capacityBytes = capacityBytes;
        this.policyKind = policyKind;
        this.group = group;
        this.fence = new Fence(fenceLimits);
        this.maxFenceRecords = fenceLimits.maxRecords();
        this.generation = requireNonNull(group.get());
        this.policy = policyKind.create(capacityBytes);
        this.nowNanos = nowNanos;
    }

    synchronized @Nullable CacheEntry get(StoreKey key, long clockNanos) {
        enter(clockNanos);
        Node held = live(key);
        if (held == null) {
            tally.count(Event.MISS);
            return null;
        }
        tally.count(Event.HIT);
        policy.accessed(held);
        return held.entry;
    }

    synchronized PutResult put(StoreKey key, CacheEntry entry, long clockNanos) {
        enter(clockNanos);
        if (entry.isExpired(nowNanos) || !passesFence(key, entry.stamp(), entry.loadStartNanos())) {
            tally.count(Event.REFUSED);
            return PutResult.REFUSED;
        }
        Node held = live(key);
        if (held != null) {
            if (held.entry.isFresherThan(entry)) {
                tally.count(Event.SUPERSEDED);
                return PutResult.SUPERSEDED;
            }
        }
        long needed = SegmentedStore.ENTRY_OVERHEAD_BYTES + (long) key.utf8().length + entry.value().length;
        if (needed > Math.min(capacityBytes, Integer.MAX_VALUE)) {
            if (held != null) {
                takeOut(held, Event.REPLACED);
            }
            tally.count(Event.TOO_LARGE);
            return PutResult.TOO_LARGE;
        }
        takeIn(new Node(key, entry, (int) needed), held);
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
            tally.count(Event.COVERED);
            return RemoveResult.COVERED;
        }
        takeOut(held, Event.REMOVED);
        return RemoveResult.REMOVED;
    }

    synchronized boolean admits(StoreKey key, SourcePosition stamp, long loadStartNanos, long clockNanos) {
        enter(clockNanos);
        return passesFence(key, stamp, loadStartNanos);
    }

    /** What is held, in no order. */
    synchronized List<Node> held(long clockNanos) {
        enter(clockNanos);
        return new ArrayList<>(nodes.values());
    }

    /** Lets go of those of the nodes that are still held. */
    synchronized void drop(List<Node> unwanted, long clockNanos) {
        enter(clockNanos);
        for (Node node : unwanted) {
            if (nodes.get(node.key) == node) {
                takeOut(node, Event.DROPPED);
            }
        }
    }

    synchronized void addTo(Tally sum, long clockNanos) {
        enter(clockNanos);
        sum.add(tally, nodes.size(), bytes);
    }

    private void enter(long clockNanos) {
        if (clockNanos - nowNanos > 0) {
            nowNanos = clockNanos;
        }
        Generation current = requireNonNull(group.get());
        if (current.number() != generation.number()) {
            generation = current;
            tally.count(Event.REMOVED, nodes.size());
            nodes = new HashMap<>();
            policy = policyKind.create(capacityBytes);
            bytes = 0;
        }
    }

    private boolean passesFence(StoreKey key, SourcePosition stamp, long loadStartNanos) {
        return fence.admits(key.hash(), stamp, loadStartNanos, nowNanos, generation.floor());
    }

    private @Nullable Node live(StoreKey key) {
        Node held = nodes.get(key);
        if (held != null && held.entry.isExpired(nowNanos)) {
            takeOut(held, Event.EXPIRED);
            return null;
        }
        return held;
    }

    private void takeIn(Node node, @Nullable Node held) {
        if (held == null) {
            policy.missed(node.hash(), node.weight());
        }
        if (makeRoom(node.weight(), held) && held != null) {
            policy.replaced(held, node);
            forget(held, Event.REPLACED);
        } else {
            if (held != null) {
                policy.missed(node.hash(), node.weight());
            }
            policy.added(node);
        }
        nodes.put(node.key, node);
        bytes += node.weight();
        tally.count(Event.STORED);
    }

    /** Evicts until there is room for what comes in place of the one held; false when that one went as well. */
    private boolean makeRoom(int needed, @Nullable Node held) {
        int freed = held == null ? 0 : held.weight();
        boolean stillHeld = true;
        while (bytes - freed > capacityBytes - needed) {
            Node victim = (Node) policy.evict();
            if (victim == null) {
                throw new IllegalStateException(bytes + " bytes are held, but the eviction policy names no victim");
            }
            if (victim == held) {
                freed = 0;
                stillHeld = false;
            }
            forget(victim, Event.EVICTED);
        }
        return stillHeld;
    }

    private void takeOut(Node node, Event reason) {
        policy.removed(node);
        forget(node, reason);
    }

    private void forget(Node node, Event reason) {
        nodes.remove(node.key);
        bytes -= node.weight();
        tally.count(reason);
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    synchronized void audit() {
        long sum = 0;
        for (Map.Entry<StoreKey, Node> mapping : nodes.entrySet()) {
            check(mapping.getKey().equals(mapping.getValue().key), "a node is held under another key");
            sum += mapping.getValue().weight();
        }
        check(sum == bytes, "bytes are not the sum over the entries");
        check(bytes <= capacityBytes, "more bytes than the capacity");
        check(policy.audit() == nodes.size(), "the policy ranks other entries than are held");
        check(fence.size() <= maxFenceRecords, "more fence records than allowed");
        long gone = tally.of(Event.REPLACED)
                + tally.of(Event.EXPIRED)
                + tally.of(Event.EVICTED)
                + tally.of(Event.REMOVED)
                + tally.of(Event.DROPPED);
        check(tally.of(Event.STORED) == nodes.size() + gone, "the counts do not balance");
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException(violation);
        }
    }
}
