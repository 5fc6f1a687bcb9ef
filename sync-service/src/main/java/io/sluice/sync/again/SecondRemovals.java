package io.sluice.sync.again;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands removals in, and those whose rule asks for it a second time, a delay after the first was done.
 *
 * <p>The second one carries no position, so that it takes what is there, whatever its stamp: it is for values that were
 * read where positions say nothing. What the first one carries would spare just these.
 *
 * <p><b>Who waits.</b> A record is not done before its second removal is, so that a restart does not lose it. That
 * holds for a bounded number of removals; beyond that records do not wait, since a full pipeline would keep all others.
 *
 * <p><b>Bounds.</b> Equal removals within a delay are sent once, a delay after the last of them, but no later than two
 * after the first. With too many waiting the whole group is removed in place of a key: never nothing.
 *
 * <p>Safe for use by many threads; one thread of its own sends. Invariant: a removal that was asked for twice is sent a
 * second time, or its group is, unless this is closed; closed, nothing that waits becomes done.
 */
public final class SecondRemovals implements AutoCloseable {
    private final RemovalSink sink;
    private final int maxWaiting;
    private final int maxHeld;
    private final LongSupplier nanoClock;
    private final SyncMetrics metrics;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Removal, Waiting> latest = new HashMap<>();
    private final PriorityQueue<Slot> slots = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos() - b.atNanos()));
    private int held;
    private boolean closed;

    /** One second removal on its way. Guarded by the lock. */
    private static final class Waiting {
        final Removal removal;
        final long latestNanos;
        final List<Runnable> whenDone = new ArrayList<>(1);
        long dueNanos;

        Waiting(Removal removal, long dueNanos, long latestNanos) {
            this.removal = removal;
            this.dueNanos = dueNanos;
            this.latestNanos = latestNanos;
        }
    }

    /** When to look at one. */
    private record Slot(long atNanos, Waiting waiting) {}

    SecondRemovals(RemovalSink sink, int maxWaiting, int maxHeld, LongSupplier nanoClock, SyncMetrics metrics) {
        this.sink = requireNonNull(sink, "sink is null");
        this.maxWaiting = maxWaiting;
        this.maxHeld = maxHeld;
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.thread = Thread.ofVirtual().name("sluice-sync-second-removals").unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param maxWaiting so many second removals wait at most, besides those of whole groups
     * @param maxHeld for so many of them a record waits
     */
    public static SecondRemovals start(RemovalSink sink, int maxWaiting, int maxHeld, SyncMetrics metrics) {
        SecondRemovals removals = new SecondRemovals(sink, maxWaiting, maxHeld, System::nanoTime, metrics);
        removals.thread.start();
        return removals;
    }

    /** Hands one in; {@code whenDone} runs once, on another thread. {@code again} is zero for most. Does not block. */
    public void submit(Removal removal, Duration again, Runnable whenDone) {
        sink.submit(removal, again.isZero() ? whenDone : () -> schedule(removal, again.toNanos(), whenDone));
    }

    private void schedule(Removal removal, long delayNanos, Runnable whenDone) {
        boolean hold;
        lock.lock();
        try {
            hold = held < maxHeld;
            Waiting waiting = waiting(new Removal(removal.group(), removal.scope(), removal.key(), ""), delayNanos);
            if (hold) {
                held++;
                waiting.whenDone.add(whenDone);
            }
        } finally {
            lock.unlock();
        }
        if (!hold) {
            metrics.secondRemoval(removal.group(), "not_waited_for");
            whenDone.run();
        }
    }

    private Waiting waiting(Removal removal, long delayNanos) {
        long due = nanoClock.getAsLong() + delayNanos;
        Waiting known = latest.get(removal);
        if (known != null && due - known.latestNanos <= 0) {
            known.dueNanos = due - known.dueNanos > 0 ? due : known.dueNanos;
            metrics.secondRemoval(removal.group(), "joined");
            return known;
        }
        Removal whole = Removal.ofGroup(removal.group(), "");
        if (slots.size() >= maxWaiting && !removal.equals(whole)) {
            metrics.secondRemoval(removal.group(), "widened");
            return waiting(whole, delayNanos);
        }
        Waiting added = new Waiting(removal, due, due + delayNanos);
        latest.put(removal, added);
        slots.add(new Slot(due, added));
        changed.signal();
        return added;
    }

    private void run() {
        try {
            while (!awaitDue()) {
                sendDue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until one may be due; true when closed. */
    private boolean awaitDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Slot first = slots.peek();
                long left = first == null ? Long.MAX_VALUE : first.atNanos() - nanoClock.getAsLong();
                if (left <= 0) {
                    return false;
                }
                var _ = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends all that are due. */
    void sendDue() {
        for (Waiting due = nextDue(); due != null; due = nextDue()) {
            List<Runnable> whenDone = due.whenDone;
            metrics.secondRemoval(due.removal.group(), "sent");
            sink.submit(due.removal, () -> done(whenDone));
        }
    }

    private @Nullable Waiting nextDue() {
        lock.lock();
        try {
            while (!slots.isEmpty() && slots.peek().atNanos() - nanoClock.getAsLong() <= 0) {
                Waiting waiting = slots.remove().waiting();
                if (waiting.dueNanos - nanoClock.getAsLong() <= 0) {
                    latest.remove(waiting.removal, waiting);
                    return waiting;
                }
                slots.add(new Slot(waiting.dueNanos, waiting));
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void done(List<Runnable> whenDone) {
        lock.lock();
        try {
            held -= whenDone.size();
        } finally {
            lock.unlock();
        }
        whenDone.forEach(Runnable::run);
    }

    /** How many second removals wait for their time. */
    public int waiting() {
        lock.lock();
        try {
            return slots.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread. What waits is not sent; who waits for it is not told. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
