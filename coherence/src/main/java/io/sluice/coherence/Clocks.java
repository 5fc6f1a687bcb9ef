package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The two clocks of a process, and whether they run alike: the monotonic one, which a suspended machine stops, and the
 * wall clock, which people set. What they say together at one time is a {@link Moment}. Thread-safe.
 */
public final class Clocks {
    private final LongSupplier nanos;
    private final LongSupplier wallMillis;
    private final ClockWatch watch;

    public Clocks(LongSupplier nanos, LongSupplier wallMillis) {
        this.nanos = requireNonNull(nanos, "nanos is null");
        this.wallMillis = requireNonNull(wallMillis, "wallMillis is null");
        this.watch = new ClockWatch(now());
    }

    /** Those of the system. */
    public static Clocks system() {
        return new Clocks(System::nanoTime, System::currentTimeMillis);
    }

    /** One clock by which the other runs, for tests. */
    public static Clocks by(LongSupplier nanos) {
        return new Clocks(nanos, () -> TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong()));
    }

    /** The monotonic clock. */
    public long nanos() {
        return nanos.getAsLong();
    }

    /** The wall clock. */
    public long wallMillis() {
        return wallMillis.getAsLong();
    }

    /** Both. */
    public Moment now() {
        return new Moment(nanos(), wallMillis());
    }

    /** As {@link ClockWatch#steadySinceNanos}. */
    public long steadySinceNanos(long nowNanos, long nowWallMillis) {
        return watch.steadySinceNanos(nowNanos, nowWallMillis);
    }
}
