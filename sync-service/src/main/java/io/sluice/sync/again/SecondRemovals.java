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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands removals in, and those whose rule asks for it a second time, a delay after the first was done.
 *
 * <p>The second one carries no position, so that it takes what is there, whatever its stamp: it is for values that were
 * read where positions say nothing. What the first one carries would spare just these.
 *
 * <p><b>Nobody waits for it.</b> A record is done when its first removals are: offsets, and how far nodes are known to
 * be up to date, do not lag by the delay. So a crash loses what waits. A clean stop sends it early, which serves delays
 * up to the two seconds for which nodes keep nothing after a removal without position.
 *
 * <p><b>Bounds.</b> Equal removals within a delay are sent once, a delay after the last of them, but no later than two
 * after the first. With too many waiting the whole group is removed in place of a key: never nothing.
 *
 * <p>Safe for use by many threads; one thread of its own sends. Invariant: while this is open, a removal that was asked
 * for twice is sent a second time, or its group is.
 */
public final class SecondRemovals implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SecondRemovals.class);

    private final RemovalSink sink;
    private final int maxWaiting;
    private final Duration drain;
    private final LongSupplier nanoClock;
    private final SyncMetrics metrics;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Removal, Waiting> latest = new HashMap<>();
    private final PriorityQueue<Slot> slots = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos() - b.atNanos()));
    private boolean closed;

    /** One second removal on its way. Guarded by the lock. */
    private static final class Waiting {
        final Removal removal;
        final long latestNanos;
        long dueNanos;

        Waiting(Removal removal, long dueNanos, long latestNanos) {
            this.removal = removal;
            this.dueNanos = dueNanos;
            this.latestNanos = latestNanos;
        }
    }

    /** When to look at one. */
    private record Slot(long atNanos, Waiting waiting) {}

    SecondRemovals(RemovalSink sink, int maxWaiting, Duration drain, LongSupplier nanoClock, SyncMetrics metrics) {
        this.sink = requireNonNull(sink, "sink is null");
        this.maxWaiting = maxWaiting;
        this.drain = requireNonNull(drain, "drain is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.thread = Thread.ofVirtual().name("sluice-sync-second-removals").unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param maxWaiting so many second removals wait at most, besides those of whole groups
     * @param drain how long a stop waits for what it sends early
     */
    public static SecondRemovals start(RemovalSink sink, int maxWaiting, Duration drain, SyncMetrics metrics) {
        SecondRemovals removals = new SecondRemovals(sink, maxWaiting, drain, System::nanoTime, metrics);
        removals.thread.start();
        return removals;
    }

    /** Hands one in; {@code whenDone} runs once the first is done. {@code again} is zero for most. Does not block. */
    public void submit(Removal removal, Duration again, Runnable whenDone) {
        if (again.isZero()) {
            sink.submit(removal, whenDone);
            return;
        }
        sink.submit(removal, () -> {
            schedule(new Removal(removal.group(), removal.scope(), removal.key(), ""), again.toNanos());
            whenDone.run();
        });
    }

    private void schedule(Removal removal, long delayNanos) {
        lock.lock();
        try {
            add(removal, delayNanos);
        } finally {
            lock.unlock();
        }
    }

    private void add(Removal removal, long delayNanos) {
        long due = nanoClock.getAsLong() + delayNanos;
        Waiting known = latest.get(removal);
        if (known != null && due - known.latestNanos <= 0) {
            known.dueNanos = due - known.dueNanos > 0 ? due : known.dueNanos;
            metrics.secondRemoval(removal.group(), "joined");
            return;
        }
        Removal whole = Removal.ofGroup(removal.group(), "");
        if (slots.size() >= maxWaiting && !removal.equals(whole)) {
            metrics.secondRemoval(removal.group(), "widened");
            add(whole, delayNanos);
            return;
        }
        Waiting added = new Waiting(removal, due, due + delayNanos);
        latest.put(removal, added);
        slots.add(new Slot(due, added));
        changed.signal();
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
            metrics.secondRemoval(due.removal.group(), "sent");
            sink.submit(due.removal, () -> {});
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

    /** How many second removals wait for their time. */
    public int waiting() {
        lock.lock();
        try {
            return slots.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, sends what waits, and gives it a little time. */
    @Override
    public void close() {
        List<Removal> early = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            slots.forEach(slot -> early.add(slot.waiting().removal));
            slots.clear();
            latest.clear();
        } finally {
            lock.unlock();
        }
        CountDownLatch left = new CountDownLatch(early.size());
        for (Removal removal : early) {
            metrics.secondRemoval(removal.group(), "sent_early");
            sink.submit(removal, left::countDown);
        }
        try {
            if (!left.await(drain.toNanos(), TimeUnit.NANOSECONDS)) {
                log.info("Stopping with second removals that nodes have not acknowledged: {}", left.getCount());
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
