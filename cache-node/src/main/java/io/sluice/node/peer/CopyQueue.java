package io.sluice.node.peer;

import io.sluice.proto.v1.Copy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies that wait to be sent to one replica: bounded in number and bytes; when it is full the oldest go, since the
 * newest are the likeliest to be read next and to be admitted.
 *
 * <p>Thread-safe; only {@link #take} waits.
 */
final class CopyQueue {
    static final int MAX_COPIES = 10_000;
    static final long MAX_BYTES = 16L << 20;

    private final ArrayDeque<Copy> copies = new ArrayDeque<>();
    private long bytes;

    /** Appends a copy and returns how many old ones were dropped to make room. */
    synchronized int offer(Copy copy) {
        copies.addLast(copy);
        bytes += copy.getSerializedSize();
        int dropped = 0;
        while (copies.size() > 1 && (copies.size() > MAX_COPIES || bytes > MAX_BYTES)) {
            bytes -= copies.removeFirst().getSerializedSize();
            dropped++;
        }
        notifyAll();
        return dropped;
    }

    /**
     * Waits for at least one copy and takes the oldest: at most {@code maxCopies}, and one or at most {@code maxBytes}.
     */
    synchronized List<Copy> take(int maxCopies, long maxBytes) throws InterruptedException {
        while (copies.isEmpty()) {
            wait();
        }
        List<Copy> batch = new ArrayList<>();
        long batchBytes = 0;
        while (!copies.isEmpty() && batch.size() < maxCopies) {
            int size = copies.peekFirst().getSerializedSize();
            if (!batch.isEmpty() && batchBytes + size > maxBytes) {
                break;
            }
            batch.add(copies.removeFirst());
            batchBytes += size;
        }
        bytes -= batchBytes;
        return batch;
    }

    synchronized int size() {
        return copies.size();
    }
}
