package io.sluice.cli.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which changes are watched: at most so many a second, evenly paced, and at most so many at a time. Safe for use by
 * many threads.
 *
 * <p>All changes of a watched key are noticed, sampled or not. A sample whose key has changed again does not count for
 * how soon changes become invisible, since what is seen may come from the newer change. It is watched on all the same:
 * what {@link Judge} proves does not depend on the change, and a row that changes all the time must not escape.
 */
final class Samples {
    /** Changes come in bursts, as records are polled. */
    private static final long BURST_NANOS = Duration.ofMillis(100).toNanos();

    private record Name(String group, String key) {}

    private final long paceNanos;
    private final int most;
    private final LongSupplier nanoClock;
    private final Map<Name, Sample> newest = new HashMap<>();
    private final Set<Sample> watched = new HashSet<>();
    private long nextNanos;

    /**
     * Watches nothing yet.
     *
     * @param perSecond how many a second
     * @param most how many at a time
     */
    Samples(int perSecond, int most, LongSupplier nanoClock) {
        this.paceNanos = Duration.ofSeconds(1).toNanos() / perSecond;
        this.most = most;
        this.nanoClock = nanoClock;
        this.nextNanos = nanoClock.getAsLong();
    }

    /** What became of a change. */
    record Taken(@Nullable Sample sample, boolean superseded) {}

    /** A key has changed. */
    synchronized Taken changed(String group, String key, String position, long recordAgeMillis) {
        Name name = new Name(group, key);
        Sample before = newest.remove(name);
        if (before != null) {
            before.supersede();
        }
        long now = nanoClock.getAsLong();
        if (now - nextNanos < 0 || watched.size() >= most) {
            return new Taken(null, before != null);
        }
        nextNanos = Math.max(nextNanos, now - BURST_NANOS) + paceNanos;
        Sample sample = new Sample(group, key, position, now, recordAgeMillis);
        newest.put(name, sample);
        watched.add(sample);
        return new Taken(sample, before != null);
    }

    /** The sample is dealt with. */
    synchronized void done(Sample sample) {
        watched.remove(sample);
        newest.remove(new Name(sample.group(), sample.key()), sample);
    }

    /** Nothing of what is watched counts any more, as when the rules have changed. */
    synchronized void clear() {
        watched.forEach(Sample::cancel);
        watched.clear();
        newest.clear();
    }

    synchronized int size() {
        return watched.size();
    }
}
