package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Map<TopicPartition, Deque<TrackedBatch>> open = new HashMap<>();
    /** Batches that were passed, and whoever waits for that has not been told yet. */
    private final Map<TopicPartition, List<TrackedBatch>> passed = new HashMap<>();

    private final Map<TopicPartition, Long> committable = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    /** A permit after something was done; taken only while waiting. */
    private final Semaphore progress = new Semaphore(0);

    /**
     * Where a partition stands at one moment. Immutable; {@link StreamStatus#UNKNOWN} for offsets that are not known.
     *
     * @param doneUpTo everything before it is done
     * @param committed what the broker has stored
     * @param position what comes next
     * @param inFlight how many records are handed out and not done
     * @param oldestNanos since when the oldest of them has been in flight; has no meaning when there is none
     */
    record Standing(long doneUpTo, long committed, long position, long inFlight, long oldestNanos) {}

    /** {@code doneNanos} is told how long each batch took, on the thread that finished it. */
    OffsetTracker(LongConsumer doneNanos) {
        this.doneNanos = requireNonNull(doneNanos, "doneNanos is null");
    }

    /**
     * Records the hand-out of some records, which are added to what it returns. Within a partition offsets ascend. The
     * offset behind the last can be committed once all are done.
     */
    TrackedBatch begin(TopicPartition partition) {
        TrackedBatch batch = new TrackedBatch(this::batchDone);
        open.computeIfAbsent(partition, added -> new ArrayDeque<>()).addLast(batch);
        return batch;
    }

    /** A partition goes on at an offset that is committed. */
    void resumed(TopicPartition partition, long offset) {
        committable.put(partition, offset);
        committed.put(partition, offset);
    }

    /** A partition of which nothing is in flight goes on at an earlier offset, which is to be committed. */
    void goesBack(TopicPartition partition, long offset) {
        drop(List.of(partition));
        committable.put(partition, offset);
    }

    Standing standing(TopicPartition partition) {
        long doneUpTo = committable.getOrDefault(partition, StreamStatus.UNKNOWN);
        long position = doneUpTo;
        long records = 0;
        long oldestNanos = 0;
        for (TrackedBatch batch : open.getOrDefault(partition, new ArrayDeque<>())) {
            position = batch.lastOffset() + 1;
            if (!batch.isDone()) {
                oldestNanos = records == 0 ? batch.startedNanos() : oldestNanos;
                records += batch.records();
            }
        }
        long stored = committed.getOrDefault(partition, StreamStatus.UNKNOWN);
        return new Standing(doneUpTo, stored, position, records, oldestNanos);
    }

    /** Everything that can be committed is to be committed again, since what is said beside it has changed. */
    void commitAnew() {
        committed.clear();
    }

    /** No more will be added to the batch, nor any part. */
    void handedOut(TrackedBatch batch) {
        inFlight.addAndGet(batch.records());
        batch.sealed();
    }

    private void batchDone(TrackedBatch batch) {
        inFlight.addAndGet(-batch.records());
        doneNanos.accept(System.nanoTime() - batch.startedNanos());
        if (progress.availablePermits() == 0) {
            progress.release();
        }
    }

    /** How many records are handed out and not done, dropped partitions included. */
    int inFlight() {
        return inFlight.get();
    }

    /**
     * Runs what waits for records to be passed. Only while that may be told: see {@link CommitPermit#toldBy}.
     *
     * @param revision by which it is told
     * @param silent nothing is told of these partitions, not later either
     */
    void tellPassed(long revision, Set<TopicPartition> silent) {
        settle();
        passed.keySet().removeAll(silent);
        List<TrackedBatch> told = new ArrayList<>();
        passed.values().forEach(told::addAll);
        passed.clear();
        told.forEach(batch -> batch.passed(revision));
    }

    private void settle() {
        open.forEach(this::settle);
    }

    /** For each partition that has something new to commit, the offset to start from next time. */
    Map<TopicPartition, Long> committable() {
        settle();
        Map<TopicPartition, Long> news = new HashMap<>(committable);
        news.entrySet().removeIf(entry -> entry.getValue().equals(committed.get(entry.getKey())));
        return news;
    }

    private void settle(TopicPartition partition, Deque<TrackedBatch> batches) {
        for (TrackedBatch first = batches.peekFirst(); first != null && first.isDone(); first = batches.peekFirst()) {
            committable.put(partition, first.lastOffset() + 1);
            batches.removeFirst();
            if (first.tellsWhenPassed()) {
                passed.computeIfAbsent(partition, added -> new ArrayList<>()).add(first);
            }
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
            Deque<TrackedBatch> batches = open.get(partition);
            if (batches != null) {
                settle(partition, batches);
                if (!batches.isEmpty()) {
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
            passed.remove(partition);
            committable.remove(partition);
            committed.remove(partition);
        }
    }
}
