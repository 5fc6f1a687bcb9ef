package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Judge;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.cli.faults.Patience;
import io.sluice.client.ServedFrom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Reads keys at random by every reader at a fixed rate, whether answers come or not, so that a node that stands still
 * spares nobody. Owns the thread {@code coherence-reads}, until closed. Thread-safe.
 */
final class SteadyReads implements AutoCloseable {
    private static final int PER_SECOND = 800;
    private static final int TOGETHER = 8;
    /** Over this many unanswered ones a read is not sent, and is not counted. */
    private static final int MAX_UNANSWERED = 4_000;

    private static final long PAUSE_NANOS = 2_000_000;

    private final Readers readers;
    private final Judge judge;
    private final SplittableRandom random = new SplittableRandom(7);
    private final AtomicInteger unanswered = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder fromMemory = new LongAdder();
    private final Sink sink = new Sink();
    private final Thread thread = new Thread(this::run, "coherence-reads");
    private volatile boolean running = true;

    /** What has been counted so far. */
    record Counts(long answered, long fromMemory) {
        /** The share of answers since {@code before} that came from the memory of any node; 0 without any. */
        double hitRatioSince(Counts before) {
            long all = answered - before.answered;
            return all == 0 ? 0 : (double) (fromMemory - before.fromMemory) / all;
        }
    }

    private SteadyReads(Readers readers, Judge judge) {
        this.readers = requireNonNull(readers, "readers is null");
        this.judge = requireNonNull(judge, "judge is null");
    }

    static SteadyReads start(Readers readers, Judge judge) {
        SteadyReads reads = new SteadyReads(readers, judge);
        reads.thread.start();
        return reads;
    }

    private void run() {
        long start = System.nanoTime();
        for (long sent = 0; running; ) {
            long due = (System.nanoTime() - start) * PER_SECOND / TimeUnit.SECONDS.toNanos(1);
            List<Reader> all = readers.all();
            while (sent < due) {
                Reader reader = all.get(random.nextInt(all.size()));
                int count = reader instanceof BatchReader ? TOGETHER : 1;
                sent += count;
                if (unanswered.get() < MAX_UNANSWERED) {
                    unanswered.addAndGet(count);
                    reader.read(draw(count), sink);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private List<RowKey> draw(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RowKey(
                        random.nextBoolean() ? VersionedRows.ITEM : VersionedRows.LIFE, VersionedRows.draw(random)))
                .toList();
    }

    Counts counts() {
        return new Counts(answered.sum(), fromMemory.sum());
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
            answered.increment();
            if (reading.answer().servedFrom() != ServedFrom.SOURCE) {
                fromMemory.increment();
            }
            judge.judge(reading);
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
