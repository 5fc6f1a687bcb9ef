package io.sluice.node.peer;

import io.sluice.proto.v1.Copy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Copies that wait to be sent to one replica: bounded in number and bytes; when it is full the oldest go, since the
 * newest are the likeliest to be read next and to be admitted.
 *
 * <p>Thread-safe; only {@link #take} waits.
 */
final class CopyQueue {
    static final int MAX_COPIES = 10_000;
    static final long MAX_BYTES = 16L << 20;

    private record Waiting(Copy copy, long sinceNanos) {}

    private final ArrayDeque<Waiting> copies = new ArrayDeque<>();
    private final LongSupplier nanoClock;
    private long bytes;

    CopyQueue(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Appends a copy, whose ages are as of now, and returns how many old ones were dropped to make room. */
    synchronized int offer(Copy copy) {
        copies.addLast(new Waiting(copy, nanoClock.getAsLong()));
        bytes += copy.getSerializedSize();
        int dropped = 0;
        while (copies.size() > 1 && (copies.size() > MAX_COPIES || bytes > MAX_BYTES)) {
            bytes -= copies.removeFirst().copy().getSerializedSize();
            dropped++;
        }
        notifyAll();
        return dropped;
    }

    /**
     * Waits for at least one copy and takes the oldest: at most {@code maxCopies}, and one or at most {@code maxBytes}.
     * Their ages include the time they waited here: a receiver takes an age that is too small for a load that began too
     * late.
     */
    synchronized List<Copy> take(int maxCopies, long maxBytes) throws InterruptedException {
        while (copies.isEmpty()) {
            wait();
        }
        long now = nanoClock.getAsLong();
        List<Copy> batch = new ArrayList<>();
        long batchBytes = 0;
        while (!copies.isEmpty() && batch.size() < maxCopies) {
            int size = copies.getFirst().copy().getSerializedSize();
            if (!batch.isEmpty() && batchBytes + size > maxBytes) {
                break;
            }
            batch.add(aged(copies.removeFirst(), now));
            batchBytes += size;
        }
        bytes -= batchBytes;
        return batch;
    }

    private static Copy aged(Waiting waiting, long nowNanos) {
        Copy copy = waiting.copy();
        // Rounded up.
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos - waiting.sinceNanos()) + 1;
        return copy.toBuilder()
                .setAgeMillis(copy.getAgeMillis() + waitedMillis)
                .setTtlMillis(copy.getTtlMillis() - waitedMillis)
                .build();
    }
}
