package io.sluice.node.hot;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Counts the most frequent keys of a stream in bounded memory: Space-Saving, from A. Metwally, D. Agrawal and A. El
 * Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005.
 *
 * <p>There are k counters. A key that has one is counted; a key that has none takes over the least counter and its
 * count, which becomes the new key's error: it cannot have come more often than that before. So the true count of a key
 * is between its count less its error and its count, and every key that makes up more than 1/k of the stream has a
 * counter. {@link #halve} ages the counts, errors included, so that they follow the stream.
 *
 * <p>Not thread-safe. The paper keeps the counters sorted; k is small here and a newcomer looks through all of them.
 *
 * <p>Invariant: at most k counters; {@code 0 <= error <= count}.
 */
final class SpaceSaving<K> {
    private final int capacity;
    private final Map<K, Counter> counters;

    private static final class Counter {
        private long count;
        private long error;
    }

    /** @param capacity how many counters there are, at least 1 */
    SpaceSaving(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must be at least 1");
        }
        this.capacity = capacity;
        this.counters = new HashMap<>(2 * capacity);
    }

    /** Counts a key, {@code times} times, and returns how often it has come for certain. */
    long add(K key, long times) {
        Counter counter = counters.get(key);
        if (counter == null) {
            counter = counters.size() < capacity ? new Counter() : takeLeast();
            counters.put(key, counter);
        }
        counter.count += times;
        return counter.count - counter.error;
    }

    private Counter takeLeast() {
        Map.Entry<K, Counter> least = null;
        for (Map.Entry<K, Counter> entry : counters.entrySet()) {
            if (least == null || entry.getValue().count < least.getValue().count) {
                least = entry;
            }
        }
        if (least == null) {
            throw new IllegalStateException("no counter to take over");
        }
        Counter counter = least.getValue();
        counters.remove(least.getKey());
        counter.error = counter.count;
        return counter;
    }

    /** Halves all counts; a key that was counted once, or not for long, loses its counter. */
    void halve() {
        for (Iterator<Counter> all = counters.values().iterator(); all.hasNext(); ) {
            Counter counter = all.next();
            counter.count /= 2;
            counter.error /= 2;
            if (counter.count == 0) {
                all.remove();
            }
        }
    }

    /** How many keys have a counter. */
    int size() {
        return counters.size();
    }
}
