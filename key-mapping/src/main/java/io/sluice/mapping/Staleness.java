package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How stale answers of a group may be. Immutable.
 *
 * @param max the bound of an answer's staleness that is still good
 * @param past what becomes of an answer past it
 */
public record Staleness(Duration max, PastMaxStaleness past) {
    /** A minute; past it answers are given and say so. */
    public static final Staleness DEFAULT = new Staleness(Duration.ofMinutes(1), PastMaxStaleness.SERVE);

    public Staleness {
        requireNonNull(max, "max is null");
        requireNonNull(past, "past is null");
    }
}
