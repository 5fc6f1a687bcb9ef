package io.sluice.coherence;

import java.util.concurrent.TimeUnit;

/**
 * Notices that the two clocks of a process have not run alike: since the machine was suspended, or the wall clock was
 * set forward, which cannot be told apart. What was timed by the monotonic clock alone before that is older than it
 * says:
 *
 * <ol>
 *   <li>an entry is loaded at 100 s;
 *   <li>the machine is suspended for an hour;
 *   <li>the entry is asked for at 101 s, and looks one second old.
 * </ol>
 *
 * <p>Safe for use by many threads; costs one volatile read while the clocks run alike. Invariant: whoever asks after a
 * step of the wall clock by more than {@value #TOLERATED_MILLIS} ms is told of a moment after that step.
 */
public final class ClockWatch {
    static final long TOLERATED_MILLIS = 500;

    private static final long TOLERATED_NANOS = TimeUnit.MILLISECONDS.toNanos(TOLERATED_MILLIS);
    /** A wall clock that is slewed goes another way slowly; it is followed. */
    private static final long FOLLOWED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LONG_AGO_NANOS = TimeUnit.DAYS.toNanos(36_500);

    /**
     * @param aheadNanos of the wall clock before the monotonic one, when this was last looked at
     * @param sinceNanos since when they have run alike
     */
    private record Pace(long aheadNanos, long sinceNanos) {}

    private volatile Pace pace;

    public ClockWatch(Moment now) {
        pace = new Pace(ahead(now.nanos(), now.wallMillis()), now.nanos() - LONG_AGO_NANOS);
    }

    /**
     * Since when, by the monotonic clock, both have run alike: what began after that is as old as either says. At first
     * that is long ago: nothing is known of any step.
     */
    public long steadySinceNanos(long nowNanos, long nowWallMillis) {
        Pace seen = pace;
        long more = ahead(nowNanos, nowWallMillis) - seen.aheadNanos;
        return Math.abs(more) < FOLLOWED_NANOS ? seen.sinceNanos : follow(nowNanos, nowWallMillis);
    }

    private synchronized long follow(long nowNanos, long nowWallMillis) {
        long ahead = ahead(nowNanos, nowWallMillis);
        boolean stepped = ahead - pace.aheadNanos > TOLERATED_NANOS;
        pace = new Pace(ahead, stepped ? nowNanos : pace.sinceNanos);
        return pace.sinceNanos;
    }

    private static long ahead(long nanos, long wallMillis) {
        return TimeUnit.MILLISECONDS.toNanos(wallMillis) - nanos;
    }
}
