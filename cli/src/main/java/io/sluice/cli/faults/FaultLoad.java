package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.KeyOutcome;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers, a reader on every node, which meets owners, replicas and nodes that forward, and a reader of batches, until
 * closed. Some changes are read back at their own position, on any node: such an answer must have the change, whatever
 * goes on. Reads may fail, and are counted. Thread-safe.
 */
final class FaultLoad implements AutoCloseable {
    private static final int WRITERS = 2;
    private static final int BATCH = 20;
    /** So that few cores have room for the rest; nothing waits on it. */
    private static final long BETWEEN_READS_NANOS = 1_000_000;

    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(4));

    private final SluiceClient client;
    private final List<SluiceProcess> nodes;
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicBoolean reading = new AtomicBoolean(true);
    private final LongAdder changes = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder fromMemory = new LongAdder();
    private final LongAdder failedReads = new LongAdder();
    private final LongAdder readBack = new LongAdder();
    private final LongAdder readBackWrong = new LongAdder();
    private final List<Thread> writers = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    /** What has been counted so far. */
    record Counts(long changes, long reads, long fromMemory, long failedReads, long readBack, long readBackWrong) {
        /** The share of reads since {@code before} that were answered from memory; 0 without any. */
        double hitRatioSince(Counts before) {
            long all = reads - before.reads;
            return all == 0 ? 0 : (double) (fromMemory - before.fromMemory) / all;
        }
    }

    private FaultLoad(SluiceClient client, List<SluiceProcess> nodes) {
        this.client = requireNonNull(client, "client is null");
        this.nodes = List.copyOf(nodes);
    }

    static FaultLoad start(FaultRows rows, SluiceClient client, List<SluiceProcess> nodes) {
        FaultLoad load = new FaultLoad(client, nodes);
        RowWriter.Told told = load.new Judge();
        for (int i = 0; i < WRITERS; i++) {
            RowWriter writer = new RowWriter(rows, i, WRITERS, told);
            load.writers.add(Thread.ofVirtual().name("fault-writer-" + i).start(() -> writer.run(load.writing::get)));
        }
        for (SluiceProcess node : nodes) {
            load.readers.add(
                    Thread.ofVirtual().name("fault-reader-of-" + node.name()).start(() -> load.read(node)));
        }
        load.readers.add(Thread.ofVirtual().name("fault-batch-reader").start(load::readBatches));
        return load;
    }

    private void read(SluiceProcess node) {
        SplittableRandom random = new SplittableRandom(node.name().hashCode());
        List<FaultRows.Key> keys = FaultRows.keys();
        while (reading.get()) {
            FaultRows.Key key = keys.get(random.nextInt(keys.size()));
            try {
                count(client.on(node.name()).get(key.group(), key.key(), PATIENT));
            } catch (SluiceException e) {
                failedReads.increment();
            }
            LockSupport.parkNanos(BETWEEN_READS_NANOS);
        }
    }

    private void readBatches() {
        SplittableRandom random = new SplittableRandom(BATCH);
        while (reading.get()) {
            List<String> ids = random.ints(BATCH, 1, FaultRows.COUNT + 1)
                    .distinct()
                    .mapToObj(Integer::toString)
                    .toList();
            try {
                for (KeyOutcome outcome : client.getMany(FaultRows.ITEM, ids, PATIENT)) {
                    if (outcome instanceof KeyOutcome.Answered answered) {
                        count(answered.answer());
                    } else {
                        failedReads.increment();
                    }
                }
            } catch (SluiceException e) {
                failedReads.add(ids.size());
            }
            LockSupport.parkNanos(BATCH * BETWEEN_READS_NANOS);
        }
    }

    private void count(Answer answer) {
        reads.increment();
        if (answer.servedFrom() != ServedFrom.SOURCE) {
            fromMemory.increment();
        }
    }

    Counts counts() {
        return new Counts(
                changes.sum(), reads.sum(), fromMemory.sum(), failedReads.sum(), readBack.sum(), readBackWrong.sum());
    }

    /** Waits until so many more rows have changed. */
    void awaitChanges(int more) {
        long enough = changes.sum() + more;
        Patience.await(more + " more changes", () -> changes.sum() >= enough);
    }

    /** The share of reads that memory answers in the time that comes now. */
    double hitRatio(Duration time) {
        Counts before = counts();
        Patience.pass(time);
        return counts().hitRatioSince(before);
    }

    /** Ends the writers; readers go on. */
    void stopWriting() {
        writing.set(false);
        join(writers);
    }

    /** Ends and joins every thread. */
    @Override
    public void close() {
        writing.set(false);
        reading.set(false);
        join(writers);
        join(readers);
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads back what writers tell of. */
    private final class Judge implements RowWriter.Told {
        @Override
        public void changed(int count) {
            changes.add(count);
        }

        @Override
        public void has(String id, @Nullable String value, String position) {
            SluiceProcess node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
            try {
                Answer answer = client.on(node.name()).get(FaultRows.ITEM, id, PATIENT.withMinPosition(position));
                readBack.increment();
                if (!answer.text().equals(Optional.ofNullable(value))) {
                    readBackWrong.increment();
                }
            } catch (SluiceException e) {
                failedReads.increment();
            }
        }
    }
}
