package io.sluice.store;

import io.sluice.store.policy.EvictionPolicy;
import io.sluice.store.policy.PolicyKind;
import io.sluice.store.policy.Ranked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one segment holds: its nodes by key, their bytes, and the policy that ranks them.
 *
 * <p>Not thread-safe: guarded by the segment's lock. Invariants: {@code bytes} is the sum over all nodes and, but for a
 * moment within a change of the share, never above it; the policy ranks exactly the nodes in the map; the counts
 * balance.
 */
final class Contents {
    private final PolicyKind policyKind;
    private final Tally tally = new Tally();
    private Map<StoreKey, Node> nodes = new HashMap<>();
    private EvictionPolicy policy;
    private long bytes;
    private long share;
    private boolean pressed;

    Contents(PolicyKind policyKind, long share) {
        this.policyKind = policyKind;
        this.share = share;
        this.policy = policyKind.create(share);
    }

    Tally tally() {
        return tally;
    }

    /** The bytes it may hold. */
    long share() {
        return share;
    }

    /** The bytes of the share that are not taken. */
    long free() {
        return share - bytes;
    }

    /** Whether the last node taken in cost one of the ranking's end, not just a newcomer that was no better. */
    boolean isPressed() {
        return pressed;
    }

    @Nullable Node get(StoreKey key) {
        return nodes.get(key);
    }

    void accessed(Node node) {
        policy.accessed(node);
    }

    /** The node to go next, as far as can be told. */
    @Nullable Node coldest() {
        return (Node) policy.coldest();
    }

    /** All nodes, in no order. */
    List<Node> all() {
        return new ArrayList<>(nodes.values());
    }

    void addTo(Tally sum) {
        sum.add(tally, nodes.size(), bytes);
    }

    /** Throws everything away in constant time. */
    void clear() {
        tally.count(Event.REMOVED, nodes.size());
        nodes = new HashMap<>();
        policy = policyKind.create(share);
        bytes = 0;
    }

    /** Changes the share; evicts what is over it. */
    void resize(long newShare) {
        share = newShare;
        policy.resize(newShare);
        while (bytes > share) {
            evictOne();
        }
    }

    /** Takes a node in, in place of the one held under its key if there is one, and evicts to make room. */
    void takeIn(Node node, @Nullable Node held) {
        pressed = false;
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
        while (bytes - freed > share - needed) {
            Node victim = evictOne();
            if (victim == held) {
                freed = 0;
                stillHeld = false;
            }
        }
        return stillHeld;
    }

    /** Evicts the one that the policy names; there must be one. */
    Node evictOne() {
        Ranked last = policy.coldest();
        Node victim = (Node) policy.evict();
        if (victim == null) {
            throw new IllegalStateException(bytes + " bytes are held, but the eviction policy names no victim");
        }
        pressed |= victim.equals(last);
        forget(victim, Event.EVICTED);
        return victim;
    }

    /** Lets a node go for another reason than making room. */
    void takeOut(Node node, Event reason) {
        policy.removed(node);
        forget(node, reason);
    }

    private void forget(Node node, Event reason) {
        nodes.remove(node.key);
        bytes -= node.weight();
        tally.count(reason);
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    void audit() {
        long sum = 0;
        for (Map.Entry<StoreKey, Node> mapping : nodes.entrySet()) {
            check(mapping.getKey().equals(mapping.getValue().key), "a node is held under another key");
            sum += mapping.getValue().weight();
        }
        check(sum == bytes, "bytes are not the sum over the entries");
        check(bytes <= share, "more bytes than the share");
        check(policy.audit() == nodes.size(), "the policy ranks other entries than are held");
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
