package io.sluice.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The entry not used for longest goes first: a doubly linked list through the nodes, most recent first. Guarded by the
 * segment's lock; every operation takes constant time and allocates nothing.
 */
final class LruPolicy implements EvictionPolicy {
    private @Nullable Node newest;
    private @Nullable Node oldest;

    @Override
    public void added(Node node) {
        Node second = newest;
        node.previous = null;
        node.next = second;
        if (second == null) {
            oldest = node;
        } else {
            second.previous = node;
        }
        newest = node;
    }

    @Override
    public void accessed(Node node) {
        if (node != newest) {
            removed(node);
            added(node);
        }
    }

    @Override
    public void removed(Node node) {
        Node before = node.previous;
        Node after = node.next;
        if (before == null) {
            newest = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            oldest = before;
        } else {
            after.previous = before;
        }
        node.previous = null;
        node.next = null;
    }

    @Override
    public void evicted(Node node) {
        removed(node);
    }

    @Override
    public @Nullable Node victim(StoreKey incoming) {
        return oldest;
    }

    @Override
    public int audit() {
        int count = 0;
        Node previous = null;
        for (Node node = newest; node != null; node = requireNonNull(node).next) {
            if (node.previous != previous) {
                throw new IllegalStateException("LRU list: node " + count + " does not link back");
            }
            previous = node;
            count++;
        }
        if (oldest != previous) {
            throw new IllegalStateException("LRU list: its end is not the oldest");
        }
        return count;
    }
}
