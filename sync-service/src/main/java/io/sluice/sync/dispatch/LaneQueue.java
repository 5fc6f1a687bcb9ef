package io.sluice.sync.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one node, given out in batches bounded by number and bytes.
 *
 * <p>Any thread may {@link #offer}; only the lane's thread takes. It has no bound of its own: it can never hold more
 * than the removals in flight, which the consumer bounds by pausing. Invariant: after {@link #close} nothing can be
 * added, so what close returns is all there was.
 */
final class LaneQueue {
    private final DispatchSettings settings;
    private final LinkedBlockingQueue<PendingRemoval> queue = new LinkedBlockingQueue<>();
    private final Object closing = new Object();
    private boolean closed;
    /** Taken from the queue but over the byte limit of the batch before it. */
    private @Nullable PendingRemoval carried;

    LaneQueue(DispatchSettings settings) {
        this.settings = settings;
    }

    /** Adds one; false when closed. */
    boolean offer(PendingRemoval pending) {
        synchronized (closing) {
            return !closed && queue.add(pending);
        }
    }

    /**
     * Waits for a first removal, then takes what is there, or comes within the linger, up to the limits. Interrupted
     * before the first, it throws and has taken nothing; after it, it gives out what it took, since nobody else knows
     * of that any more, and leaves the thread interrupted.
     */
    List<Delivery> take() throws InterruptedException {
        List<Delivery> batch = new ArrayList<>();
        PendingRemoval next = carried != null ? carried : queue.take();
        carried = null;
        long deadline = System.nanoTime() + settings.linger().toNanos();
        long bytes = 0;
        String lastPosition = "";
        while (next != null) {
            Removal removal = next.removal();
            bytes += removal.sizeEstimate();
            bytes += removal.position().equals(lastPosition)
                    ? 0
                    : removal.position().length();
            lastPosition = removal.position();
            if (!batch.isEmpty() && bytes > settings.maxBatchBytes().bytes()) {
                carried = next;
                return batch;
            }
            batch.add(Delivery.of(next));
            next = batch.size() < settings.maxBatch() ? pollUntil(deadline) : null;
        }
        return batch;
    }

    private @Nullable PendingRemoval pollUntil(long deadline) {
        try {
            return queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Takes nothing more; returns what was never given out. Only for the lane's thread. */
    List<PendingRemoval> close() {
        synchronized (closing) {
            closed = true;
        }
        List<PendingRemoval> left = new ArrayList<>();
        if (carried != null) {
            left.add(carried);
            carried = null;
        }
        queue.drainTo(left);
        return left;
    }
}
