package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a cluster changes its ring; the same on every node, since any of them may be the coordinator.
 *
 * <p>Immutable.
 *
 * @param invalidated whether there is a sync service, which must know a ring before anybody holds under it; false only
 *     for clusters whose entries merely expire
 * @param debounce how long the members must have been quiet before a ring is announced
 * @param warmUp how long the previous ring drains: holders may keep what they have and are peeked
 */
public record RingChanges(boolean invalidated, Duration debounce, Duration warmUp) {
    public static final Duration DEFAULT_DEBOUNCE = Duration.ofMillis(100);
    public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(30);
    public static final RingChanges DEFAULTS = new RingChanges(true, DEFAULT_DEBOUNCE, DEFAULT_WARM_UP);

    public RingChanges {
        requireNonNull(debounce, "debounce is null");
        requireNonNull(warmUp, "warmUp is null");
        if (debounce.isNegative() || debounce.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("the ring debounce is " + debounce + ": give 0 to 1 min");
        }
        if (warmUp.isNegative() || warmUp.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("the ring warm-up is " + warmUp + ": give 0 to 1 h");
        }
    }
}
