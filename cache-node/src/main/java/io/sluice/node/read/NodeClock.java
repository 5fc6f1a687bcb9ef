package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.ClockWatch;
import io.sluice.coherence.Moment;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The two clocks of this process, and whether they run alike. Thread-safe. */
public final class NodeClock {
    private final LongSupplier nanos;
    private final LongSupplier wallMillis;
    private final ClockWatch watch;

    public NodeClock(LongSupplier nanos, LongSupplier wallMillis) {
        this.nanos = requireNonNull(nanos, "nanos is null");
        this.wallMillis = requireNonNull(wallMillis, "wallMillis is null");
        this.watch = new ClockWatch(now());
    }

    /** Those of the system. */
    public static NodeClock system() {
        return new NodeClock(System::nanoTime, System::currentTimeMillis);
    }

    /** One clock by which the other runs, for tests. */
    public static NodeClock by(LongSupplier nanos) {
        return new NodeClock(nanos, () -> TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong()));
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
