package io.sluice.sync.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One record between being handed out and being done. It is done when every part it was given is done and
 * {@link #sealed} was called; the seal is a part of its own, so that a record is not done between two of its parts.
 *
 * <p>Parts may be added only before the seal, by one thread; they may be finished by any thread. Invariant: once done
 * it stays done, and the callback ran exactly once.
 */
final class TrackedRecord {
    private final long offset;
    private final Consumer<TrackedRecord> whenDone;
    private final long startedNanos = System.nanoTime();
    private final AtomicInteger openParts = new AtomicInteger(1);

    TrackedRecord(long offset, Consumer<TrackedRecord> whenDone) {
        this.offset = offset;
        this.whenDone = whenDone;
    }

    long offset() {
        return offset;
    }

    /** When it was handed out, by {@link System#nanoTime}. */
    long startedNanos() {
        return startedNanos;
    }

    /** One more part has to be done before the record is. */
    void addPart() {
        openParts.incrementAndGet();
    }

    /** One part is done. */
    void partDone() {
        if (openParts.decrementAndGet() == 0) {
            whenDone.accept(this);
        }
    }

    /** No part will be added. */
    void sealed() {
        partDone();
    }

    boolean isDone() {
        return openParts.get() == 0;
    }
}
