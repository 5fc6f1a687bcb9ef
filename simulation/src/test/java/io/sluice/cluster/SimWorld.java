package io.sluice.cluster;

import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Time, chance and the network of one simulated run: everything happens in one thread, in the order one seed gives. */
public final class SimWorld {
    public static final long MILLIS = 1_000_000;

    public final Random random;
    /** No more faults: nothing is lost any more. */
    public boolean calm;
    /** How often a message comes twice. */
    public double duplicates = 0.01;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos = 1_000 * MILLIS;
    private long sequence;
    private long trace;
    private @Nullable Throwable failure;

    public SimWorld(long seed) {
        random = new Random(seed);
    }

    public long now() {
        return nowNanos;
    }

    /** A number that two runs share only if the same happened in both. */
    public long trace() {
        return trace;
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    public long between(long leastMillis, long mostMillis) {
        return MILLIS * leastMillis + (long) (random.nextDouble() * (mostMillis - leastMillis) * MILLIS);
    }

    /** One of several, each as likely. */
    public <T> T any(Collection<T> all) {
        return List.copyOf(all).get(random.nextInt(all.size()));
    }

    public void at(long nanos, Runnable task) {
        events.add(new Event(Math.max(nanos, nowNanos), sequence++, task));
    }

    public void in(long nanos, Runnable task) {
        at(nowNanos + nanos, task);
    }

    /** What a thread that may block has thrown: ends the run. */
    void fail(Throwable thrown) {
        failure = failure == null ? thrown : failure;
    }

    public void runUntil(long nanos) {
        for (Event next = events.peek(); next != null && next.atNanos <= nanos; next = events.peek()) {
            events.remove();
            nowNanos = next.atNanos;
            trace = trace * 31 + next.atNanos;
            next.task.run();
            if (failure != null) {
                throw failure instanceof AssertionError broken ? broken : new AssertionError(failure);
            }
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
