package io.sluice.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Time, chance and the network of one simulated run: everything happens in one thread, in the order one seed gives. */
final class SimWorld {
    static final long MILLIS = 1_000_000;

    final Random random;
    /** No more faults: nothing is lost any more. */
    boolean calm;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Runnable> checks = new ArrayList<>();
    private long nowNanos = 1_000 * MILLIS;
    private long sequence;
    private long trace;

    SimWorld(long seed) {
        random = new Random(seed);
    }

    long now() {
        return nowNanos;
    }

    /** A number that two runs share only if the same happened in both. */
    long trace() {
        return trace;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long leastMillis, long mostMillis) {
        return MILLIS * leastMillis + (long) (random.nextDouble() * (mostMillis - leastMillis) * MILLIS);
    }

    void at(long nanos, Runnable task) {
        events.add(new Event(Math.max(nanos, nowNanos), sequence++, task));
    }

    void in(long nanos, Runnable task) {
        at(nowNanos + nanos, task);
    }

    /** Runs after every event. */
    void check(Runnable invariant) {
        checks.add(invariant);
    }

    void runUntil(long nanos) {
        for (Event next = events.peek(); next != null && next.atNanos <= nanos; next = events.peek()) {
            events.remove();
            nowNanos = next.atNanos;
            trace = trace * 31 + next.atNanos;
            next.task.run();
            checks.forEach(Runnable::run);
        }
        nowNanos = nanos;
    }

    private record Event(long atNanos, long sequence, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
