package io.sluice.sync.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * What waits to be sent to one node, given out in batches bounded by number and bytes.
 *
 * <p>A lone removal waits for nothing: while no call is under way a batch is whatever is there. While one is, or when
 * the last batch was large, the next waits until it is full, or its oldest has waited for the linger, or the call ends:
 * so batches grow with the load, and what that adds to the delay is bounded.
 *
 * <p>What waits can be {@linkplain #collapse collapsed}: each delivery is replaced by one that takes the groups of its
 * keys away ({@link Parcel#collapse}), so what a node that does not answer costs does not grow with its keys.
 *
 * <p>Safe for use by many threads. Invariant: after {@link #close} nothing can be added, so what close returns is all
 * there was and is not under way.
 */
final class LaneQueue {
    private record Entry(Delivery delivery, long bytes, long sinceNanos, boolean collapsed) {}

    /** After a batch of so many removals more are bound to come soon. */
    private static final int LARGE_BATCH = 64;

    private final DispatchSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> queue = new ArrayDeque<>();
    private int removals;
    private long bytes;
    private int lastSize;
    /** Batches given out and not {@link #finished}. */
    private int running;
    /** Removals in them. */
    private int unacknowledged;
    /** When the first of them was given out, of those that came without a pause. */
    private long busySinceNanos = System.nanoTime();

    private boolean closed;

    LaneQueue(DispatchSettings settings) {
        this.settings = settings;
    }

    /** Adds one; false when closed. */
    boolean offer(Delivery delivery) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            queue.addLast(counted(entry(delivery, System.nanoTime(), false)));
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static Entry entry(Delivery delivery, long sinceNanos, boolean collapsed) {
        return new Entry(delivery, delivery.wireBytes(), sinceNanos, collapsed);
    }

    /**
     * Collapses what is not yet; that is always at the end, since it is done for all at once.
     *
     * @param one makes a delivery of groups of another; it is called under the queue's lock
     */
    void collapse(UnaryOperator<Delivery> one) {
        lock.lock();
        try {
            Deque<Entry> fine = new ArrayDeque<>();
            while (!queue.isEmpty() && !queue.getLast().collapsed()) {
                fine.addFirst(discounted(queue.removeLast()));
            }
            for (Entry entry : fine) {
                queue.addLast(counted(entry(one.apply(entry.delivery()), entry.sinceNanos(), true)));
            }
        } finally {
            lock.unlock();
        }
    }

    private Entry counted(Entry added) {
        removals += added.delivery().size();
        bytes += added.bytes();
        return added;
    }

    private Entry discounted(Entry removed) {
        removals -= removed.delivery().size();
        bytes -= removed.bytes();
        return removed;
    }

    /**
     * Waits until a batch may go, and takes it. Whoever takes one says when it is {@link #finished}. Interrupted, it
     * has taken nothing.
     */
    List<Delivery> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long wait = waitNanos();
            while (wait > 0) {
                var _ = changed.await(wait, TimeUnit.NANOSECONDS);
                wait = waitNanos();
            }
            busySinceNanos = running == 0 ? System.nanoTime() : busySinceNanos;
            running++;
            List<Delivery> batch = batch();
            lastSize = size(batch);
            unacknowledged += lastSize;
            // Another sender may go as well, or has to wait for the linger of what is left.
            changed.signal();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private static int size(List<Delivery> batch) {
        return batch.stream().mapToInt(Delivery::size).sum();
    }

    /** How long the next batch has to wait at most, if nothing changes; 0 when it may go. */
    private long waitNanos() {
        if (queue.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if ((running == 0 && lastSize < LARGE_BATCH)
                || removals >= settings.maxBatch()
                || bytes >= settings.maxBatchBytes().bytes()) {
            return 0;
        }
        return Math.max(0, queue.getFirst().sinceNanos() + settings.linger().toNanos() - System.nanoTime());
    }

    private List<Delivery> batch() {
        List<Delivery> batch = new ArrayList<>();
        int size = 0;
        long batchBytes = 0;
        while (!queue.isEmpty()) {
            Entry next = queue.getFirst();
            size += next.delivery().size();
            batchBytes += next.bytes();
            if (size > settings.maxBatch()
                    || batchBytes > settings.maxBatchBytes().bytes()) {
                if (batch.isEmpty()) {
                    batch.add(partOfFirst());
                }
                return batch;
            }
            batch.add(discounted(queue.removeFirst()).delivery());
        }
        return batch;
    }

    /** Halves the first until it fits, or is a single removal. */
    private Delivery partOfFirst() {
        Entry first = discounted(queue.removeFirst());
        while (first.delivery().size() > 1
                && (first.delivery().size() > settings.maxBatch()
                        || first.bytes() > settings.maxBatchBytes().bytes())) {
            Delivery delivery = first.delivery();
            List<Delivery> halves = delivery.parcel().split(delivery, delivery.size() / 2);
            queue.addFirst(counted(entry(halves.getLast(), first.sinceNanos(), first.collapsed())));
            first = entry(halves.getFirst(), first.sinceNanos(), first.collapsed());
        }
        return first.delivery();
    }

    /** A batch that was taken has come to an end. */
    void finished(List<Delivery> batch) {
        lock.lock();
        try {
            running--;
            unacknowledged -= size(batch);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many removals wait. */
    int removals() {
        lock.lock();
        try {
            return removals;
        } finally {
            lock.unlock();
        }
    }

    /** About how many bytes of requests wait. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** How many removals are under way. */
    int unacknowledged() {
        lock.lock();
        try {
            return unacknowledged;
        } finally {
            lock.unlock();
        }
    }

    /** Since when batches have been under way; has no meaning when none is. */
    long busySinceNanos() {
        lock.lock();
        try {
            return busySinceNanos;
        } finally {
            lock.unlock();
        }
    }

    /** How many batches are under way. */
    int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; returns what is not under way. */
    List<Delivery> close() {
        lock.lock();
        try {
            closed = true;
            List<Delivery> left = queue.stream().map(Entry::delivery).toList();
            queue.clear();
            removals = 0;
            bytes = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }
}
