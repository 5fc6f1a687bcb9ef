package io.sluice.node.hot;

import static java.util.Objects.requireNonNull;

import io.sluice.proto.v1.Answer;
import java.util.concurrent.atomic.LongAdder;

/**
 * The answer of a key's owner, kept under its lease. Thread-safe.
 *
 * @param answer as the owner gave it
 * @param definition of the group, by which it was made
 * @param served how often it was used
 */
public record HotCopy(Answer answer, long definition, LongAdder served) {
    public HotCopy {
        requireNonNull(answer, "answer is null");
        requireNonNull(served, "served is null");
    }
}
