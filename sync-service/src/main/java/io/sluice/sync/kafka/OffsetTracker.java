package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records are handed out and not done, per partition, and so how far each partition may be committed: up to its
 * lowest record that is not done.
 *
 * <p>Confined to the poll thread, but for the completion of records, which may come from any thread at any time, also
 * after their partition was dropped. Invariant: {@link #committable} never passes a record that is not done.
 */
final class OffsetTracker {
    private final LongConsumer doneNanos;
    private final Map<TopicPartition, Deque<TrackedRecord>> open = new HashMap<>();
    private final Map<TopicPartition, Long> committable = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    /** A permit after something was done; taken only while waiting. */
    private final Semaphore progress = new Semaphore(0);

    /** {@code doneNanos} is told how long each record took, on the thread that finished it. */
    OffsetTracker(LongConsumer doneNanos) {
        this.doneNanos = requireNonNull(doneNanos, "doneNanos is null");
    }

    /** Records a hand-out; within a partition offsets ascend. The offset behind it can be committed once it is done. */
    TrackedRecord begin(TopicPartition partition, long offset) {
        inFlight.incrementAndGet();
        TrackedRecord tracked = new TrackedRecord(offset, this::recordDone);
        open.computeIfAbsent(partition, added -> new ArrayDeque<>()).addLast(tracked);
        return tracked;
    }

    /** A partition goes on at an offset that is committed. */
    void resumed(TopicPartition partition, long offset) {
        committable.put(partition, offset);
        committed.put(partition, offset);
    }

    /** Everything that can be committed is to be committed again, since what is said beside it has changed. */
    void commitAnew() {
        committed.clear();
    }

    private void recordDone(TrackedRecord record) {
        inFlight.decrementAndGet();
        doneNanos.accept(System.nanoTime() - record.startedNanos());
        if (progress.availablePermits() == 0) {
            progress.release();
        }
    }

    /** How many records are handed out and not done, dropped partitions included. */
    int inFlight() {
        return inFlight.get();
    }

    /** For each partition that has something new to commit, the offset to start from next time. */
    Map<TopicPartition, Long> committable() {
        open.forEach(this::settle);
        Map<TopicPartition, Long> news = new HashMap<>(committable);
        news.entrySet().removeIf(entry -> entry.getValue().equals(committed.get(entry.getKey())));
        return news;
    }

    private void settle(TopicPartition partition, Deque<TrackedRecord> records) {
        for (TrackedRecord first = records.peekFirst(); first != null && first.isDone(); first = records.peekFirst()) {
            committable.put(partition, first.offset() + 1);
            records.removeFirst();
        }
    }

    /** The broker has stored these. */
    void committed(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            if (committable.containsKey(partition)) {
                committed.put(partition, offset);
            }
        });
    }

    /** Waits until no record of the partitions is in flight, at most this long; true when none is. */
    boolean awaitDone(Collection<TopicPartition> partitions, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!isDone(partitions)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            if (!progress.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                return isDone(partitions);
            }
        }
        return true;
    }

    private boolean isDone(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Deque<TrackedRecord> records = open.get(partition);
            if (records != null) {
                settle(partition, records);
                if (!records.isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Forgets partitions that are no longer ours, or start over; their records may still come to be done. */
    void drop(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            open.remove(partition);
            committable.remove(partition);
            committed.remove(partition);
        }
    }
}
