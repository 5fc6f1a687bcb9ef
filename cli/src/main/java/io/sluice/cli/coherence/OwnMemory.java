package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Judge;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.cli.faults.Patience;
import io.sluice.client.ServedFrom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads every key of one node in turn and notes when it last answered from its own memory, and how old such an answer
 * was. Owns the thread {@code coherence-own-memory}, until closed. Thread-safe.
 */
final class OwnMemory implements AutoCloseable {
    private static final int TOGETHER = 5;
    private static final long PAUSE_NANOS = 10_000_000;
    private static final int MAX_UNANSWERED = 500;

    private final Reader reader;
    private final String node;
    private final Judge judge;
    private final long startNanos = System.nanoTime();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final LongAdder answers = new LongAdder();
    private final AtomicLong last = new AtomicLong();
    private final AtomicLong oldest = new AtomicLong();
    private final Sink sink = new Sink();
    private final Thread thread = new Thread(this::run, "coherence-own-memory");
    private volatile boolean running = true;

    private OwnMemory(Reader reader, String node, Judge judge) {
        this.reader = requireNonNull(reader, "reader is null");
        this.node = requireNonNull(node, "node is null");
        this.judge = requireNonNull(judge, "judge is null");
    }

    /**
     * Begins to read.
     *
     * @param reader asks the node itself
     */
    static OwnMemory start(Reader reader, String node, Judge judge) {
        OwnMemory own = new OwnMemory(reader, node, judge);
        own.thread.start();
        return own;
    }

    private void run() {
        List<RowKey> keys = VersionedRows.keys();
        for (int next = 0; running; next = (next + TOGETHER) % keys.size()) {
            if (unanswered.get() < MAX_UNANSWERED) {
                List<RowKey> some = keys.subList(next, Math.min(next + TOGETHER, keys.size()));
                unanswered.addAndGet(some.size());
                reader.read(some, sink);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Nanoseconds since the reading began. */
    long nowNanos() {
        return System.nanoTime() - startNanos;
    }

    /** How many answers have come from the node's own memory. */
    long answers() {
        return answers.sum();
    }

    /** When the last read began that its own memory answered, as {@link #nowNanos}. */
    long lastNanos() {
        return last.get();
    }

    /** For how long the oldest of these answers had been out of date; begins anew. */
    long takeOldestNanos() {
        return oldest.getAndSet(0);
    }

    /** Returns when every read has been answered, or its deadline has passed. */
    @Override
    public void close() {
        running = false;
        Patience.await("answers to the last reads", () -> !thread.isAlive() && unanswered.get() == 0);
    }

    private final class Sink implements Reader.Sink {
        @Override
        public void answered(Reading reading) {
            long age = judge.judge(reading);
            if (reading.answer().servedBy().equals(node) && reading.answer().servedFrom() != ServedFrom.SOURCE) {
                answers.increment();
                last.accumulateAndGet(reading.beganNanos() - startNanos, Math::max);
                oldest.accumulateAndGet(age, Math::max);
            }
            // Last: who waits for it ends the histories that are judged by.
            unanswered.decrementAndGet();
        }

        @Override
        public void failed(RowKey key, Throwable failure) {
            judge.failed(failure);
            unanswered.decrementAndGet();
        }
    }
}
