package io.sluice.cluster;

import java.util.PriorityQueue;

/** A loop on the test's own thread, whose time passes when told. */
final class StepLoop implements Loop {
    private static final long MILLIS = 1_000_000;

    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private long nowNanos = 1_000 * MILLIS;
    private long sequence;

    private record Waiting(long atNanos, long sequence, Runnable task) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    /** Runs what is due within so long. */
    void pass(long millis) {
        long untilNanos = nowNanos + millis * MILLIS;
        while (!waiting.isEmpty() && waiting.peek().atNanos <= untilNanos) {
            Waiting next = waiting.remove();
            nowNanos = next.atNanos;
            next.task.run();
        }
        nowNanos = untilNanos;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long wallMillis() {
        return nowNanos / MILLIS;
    }

    @Override
    public long random(long bound) {
        return 0;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(new Waiting(nowNanos, sequence++, task));
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        Waiting added = new Waiting(nowNanos + delayMillis * MILLIS, sequence++, task);
        waiting.add(added);
        return () -> waiting.remove(added);
    }

    @Override
    public void close() {}
}
