package io.sluice.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fresh an answer must be and how long to wait for it. Immutable.
 *
 * @param deadline for the whole request, over all nodes that are asked; null: the client's
 * @param minPosition a GTID set that the answer must reflect, such as that of the caller's own commit; "" for none
 * @param maxStaleness tighter bound than the group's; null: the group's
 */
public record ReadOptions(
        @Nullable Duration deadline,
        String minPosition,
        @Nullable Duration maxStaleness) {
    /** The client's deadline, the group's freshness. */
    public static final ReadOptions DEFAULT = new ReadOptions(null, "", null);

    public ReadOptions {
        requireNonNull(minPosition, "minPosition is null");
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("the deadline is " + deadline + ": give more than nothing");
        }
        if (maxStaleness != null && maxStaleness.toMillis() < 1) {
            throw new IllegalArgumentException("the greatest staleness is " + maxStaleness + ": give at least 1 ms");
        }
    }

    public ReadOptions withDeadline(Duration newDeadline) {
        return new ReadOptions(newDeadline, minPosition, maxStaleness);
    }

    public ReadOptions withMinPosition(String gtidSet) {
        return new ReadOptions(deadline, gtidSet, maxStaleness);
    }

    public ReadOptions withMaxStaleness(Duration newMaxStaleness) {
        return new ReadOptions(deadline, minPosition, newMaxStaleness);
    }
}
