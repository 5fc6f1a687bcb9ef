package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import io.sluice.store.policy.EvictionPolicy;
import io.sluice.store.policy.PolicyKind;
import io.sluice.store.policy.Ranked;
import org.jspecify.annotations.Nullable;

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
        Segment[] parts = new Segment[segments];
        for (int i = 0; i < segments; i++) {
            int share = size / segments + (i < size % segments ? 1 : 0);
            parts[i] = new Segment(share, kind.create(share));
        }
        @Nullable Entry[] held = new Entry[trace.keys()];
        long hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            int key = trace.key(i);
            Segment segment = parts[segment(key)];
            Entry entry = held[key];
            if (entry != null) {
                hits++;
                segment.policy.accessed(entry);
            } else if (segment.capacity > 0) {
                segment.takeIn(new Entry(key), held);
            }
        }
        return hits;
    }

    /** The segment where a store would have the key. */
    int segment(int key) {
        long mixed = Trace.hash(key) * 0x9E37_79B9_7F4A_7C15L;
        return segments == 1 ? 0 : (int) (mixed >>> (Long.SIZE - Integer.numberOfTrailingZeros(segments)));
    }

    private static final class Entry extends Ranked {
        private final int key;

        Entry(int key) {
            super(1);
            this.key = key;
        }

        @Override
        public long hash() {
            return Trace.hash(key);
        }
    }

    private static final class Segment {
        private final int capacity;
        private final EvictionPolicy policy;
        private int size;

        Segment(int capacity, EvictionPolicy policy) {
            this.capacity = capacity;
            this.policy = policy;
        }

        void takeIn(Entry entry, @Nullable Entry[] held) {
            policy.missed(entry.hash(), entry.weight());
            if (size == capacity) {
                Entry victim = (Entry) requireNonNull(policy.evict(), "a full segment has no victim");
                held[victim.key] = null;
                size--;
            }
            policy.added(entry);
            held[entry.key] = entry;
            size++;
        }
    }
}
