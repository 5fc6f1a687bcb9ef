package io.sluice.sync.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Records that follow each other in one partition, between being handed out and being done: a million of them may be
 * open while one node does not answer, so they are not tracked one by one. They are done when every part is done that
 * any of them was given, and {@link #sealed} was called; the seal is a part of its own, so that a batch is not done
 * between two of its parts.
 *
 * <p>Records and parts may be added only before the seal, by one thread; parts may be finished by any thread.
 * Invariant: once done it stays done, and the callback ran exactly once.
 */
final class TrackedBatch {
    private final Consumer<TrackedBatch> whenDone;
    private final long startedNanos = System.nanoTime();
    private final AtomicInteger openParts = new AtomicInteger(1);
    private long lastOffset;
    private int records;
    private List<LongConsumer> whenPassed = List.of();

    TrackedBatch(Consumer<TrackedBatch> whenDone) {
        this.whenDone = whenDone;
    }

    /** One more record is in it; offsets ascend. */
    void addRecord(long offset) {
        lastOffset = offset;
        records++;
    }

    /** The offset of the last record. */
    long lastOffset() {
        return lastOffset;
    }

    int records() {
        return records;
    }

    /**
     * To be run, on the thread that tracks, once this batch and all before it in its partition are done; with the
     * revision of the topology by which that may be said.
     */
    void whenPassed(LongConsumer action) {
        if (whenPassed.isEmpty()) {
            whenPassed = new ArrayList<>(1);
        }
        whenPassed.add(action);
    }

    boolean tellsWhenPassed() {
        return !whenPassed.isEmpty();
    }

    void passed(long revision) {
        whenPassed.forEach(action -> action.accept(revision));
    }

    /** When it was handed out, by {@link System#nanoTime}. */
    long startedNanos() {
        return startedNanos;
    }

    /** One more part has to be done before the batch is. */
    void addPart() {
        openParts.incrementAndGet();
    }

    /** One part is done. */
    void partDone() {
        if (openParts.decrementAndGet() == 0) {
            whenDone.accept(this);
        }
    }

    /** Neither a record nor a part will be added. */
    void sealed() {
        partDone();
    }

    boolean isDone() {
        return openParts.get() == 0;
    }
}
