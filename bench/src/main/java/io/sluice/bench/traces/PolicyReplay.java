package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import io.sluice.store.policy.EvictionPolicy;
import io.sluice.store.policy.PolicyKind;

/**
 * One of the store's policies, its capacity split over a number of segments as the store splits it.
 *
 * @param segments a power of two
 */
public record PolicyReplay(PolicyKind kind, int segments) implements Replay {
    public PolicyReplay {
        requireNonNull(kind, "kind is null");
        if (segments < 1 || Integer.bitCount(segments) != 1) {
            throw new IllegalArgumentException("segments is " + segments + ", must be a power of two");
        }
    }

    @Override
    public String name() {
        return kind.toString();
    }

    @Override
    public long hits(Trace trace, int size) {
        TraceRanks ranks = new TraceRanks(trace.keys());
        Segment[] parts = new Segment[segments];
        for (int i = 0; i < segments; i++) {
            int share = size / segments + (i < size % segments ? 1 : 0);
            parts[i] = new Segment(share, kind.create(ranks, share));
        }
        boolean[] held = new boolean[trace.keys()];
        long hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            int key = trace.key(i);
            Segment segment = parts[segment(key)];
            if (held[key]) {
                hits++;
                segment.policy.accessed(key, Trace.hash(key));
            } else if (segment.capacity > 0) {
                segment.takeIn(key, held);
            }
        }
        return hits;
    }

    /** The segment where a store would have the key. */
    int segment(int key) {
        long mixed = Trace.hash(key) * 0x9E37_79B9_7F4A_7C15L;
        return segments == 1 ? 0 : (int) (mixed >>> (Long.SIZE - Integer.numberOfTrailingZeros(segments)));
    }

    private static final class Segment {
        private final int capacity;
        private final EvictionPolicy policy;
        private int size;

        Segment(int capacity, EvictionPolicy policy) {
            this.capacity = capacity;
            this.policy = policy;
        }

        void takeIn(int key, boolean[] held) {
            policy.missed(Trace.hash(key), 1);
            if (size == capacity) {
                held[policy.evict()] = false;
                size--;
            }
            policy.added(key);
            held[key] = true;
            size++;
        }
    }
}
