package io.sluice.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The time in one segment. It never runs backwards: a clock that does stands still here until it has caught up.
 * Thread-safe, and no use of it takes a lock.
 */
final class SegmentClock {
    private final AtomicLong nowNanos;

    SegmentClock(long nowNanos) {
        this.nowNanos = new AtomicLong(nowNanos);
    }

    /** The latest time seen here. */
    long now() {
        return nowNanos.get();
    }

    /** Takes note of the clock's time. */
    void reach(long clockNanos) {
        nowNanos.accumulateAndGet(clockNanos, (reached, now) -> now - reached > 0 ? now : reached);
    }

    /** The clock's time, or the latest time seen here, to about a tick, if that is later. */
    long later(long clockNanos) {
        long reached = nowNanos.get();
        if (clockNanos - reached > Ticks.LENGTH) {
            nowNanos.compareAndSet(reached, clockNanos);
        }
        return clockNanos - reached > 0 ? clockNanos : reached;
    }
}
