package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double from a first one up to a longest one, each cut by a random share of up to half, so that many
 * senders do not come back at once. Not safe for use by many threads unless the random generator is. Invariant: a wait
 * is more than zero and never longer than the longest.
 */
public final class Backoff {
    private static final int MAX_DOUBLINGS = 30;

    private final long initialNanos;
    private final long maxNanos;
    private final RandomGenerator random;

    /** Waits between half of {@code initial} and {@code max}. */
    public Backoff(Duration initial, Duration max, RandomGenerator random) {
        this.initialNanos = initial.toNanos();
        this.maxNanos = max.toNanos();
        this.random = requireNonNull(random, "random is null");
    }

    /** How long to wait before repetition number {@code attempt}, counted from 0. */
    public Duration delay(int attempt) {
        int doublings = Math.min(attempt, MAX_DOUBLINGS);
        long full = initialNanos > maxNanos >> doublings ? maxNanos : initialNanos << doublings;
        return Duration.ofNanos(full - (long) (random.nextDouble() * full / 2));
    }
}
