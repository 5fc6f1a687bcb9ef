package io.sluice.sync.fanout;

import io.sluice.mapping.FanOut;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Fan-outs that wait to be asked, oldest first; equal ones are one. Safe for use by many threads. Invariant: it holds
 * at most as many as it may, and none twice.
 */
final class FanOutQueue {
    /** What became of an offer. */
    enum Offer {
        ADDED,
        JOINED,
        FULL
    }

    /** What makes two of them equal. */
    private record Question(String group, FanOut fanOut) {}

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Map<Question, Pending> waiting = new LinkedHashMap<>();

    FanOutQueue(int most) {
        this.most = most;
    }

    Offer offer(FanOutRequest request, Runnable whenDone, long nowNanos) {
        Question question = new Question(request.group(), request.fanOut());
        lock.lock();
        try {
            Pending known = waiting.get(question);
            if (known != null) {
                known.join(request, whenDone);
                return Offer.JOINED;
            }
            if (waiting.size() >= most) {
                return Offer.FULL;
            }
            waiting.put(question, new Pending(request, whenDone, nowNanos));
            added.signal();
            return Offer.ADDED;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest, which nobody can join any more; null when none comes within the time. */
    @Nullable Pending take(long atMost, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(atMost);
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                if (left <= 0) {
                    return null;
                }
                left = added.awaitNanos(left);
            }
            Iterator<Pending> oldest = waiting.values().iterator();
            Pending first = oldest.next();
            oldest.remove();
            return first;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
