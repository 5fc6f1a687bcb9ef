package io.sluice.cli.coherence.judge;

import static java.util.Objects.requireNonNull;

import io.sluice.client.Answer;

/**
 * One answer, and when it was asked for. Immutable.
 *
 * @param asked the node or the client that was asked
 * @param beganNanos when the read began, by {@link System#nanoTime}
 */
public record Reading(RowKey key, Path path, String asked, long beganNanos, Answer answer) {
    public Reading {
        requireNonNull(key, "key is null");
        requireNonNull(path, "path is null");
        requireNonNull(asked, "asked is null");
        requireNonNull(answer, "answer is null");
    }

    /** What was answered, and where it came from. */
    @Override
    public String toString() {
        return key.group() + " " + key.id() + " by " + path.title() + " of " + asked + ", from " + answer.servedFrom()
                + " of " + answer.servedBy() + ", loaded " + answer.age().toMillis() + " ms before, stamp "
                + answer.stamp() + ", bound " + answer.stalenessBoundMillis() + ": "
                + answer.text().orElse("no row");
    }
}
