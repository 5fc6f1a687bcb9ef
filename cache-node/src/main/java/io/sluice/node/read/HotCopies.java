package io.sluice.node.read;

import io.sluice.proto.v1.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Copies of keys that this node forwards often and does not hold. Thread-safe; never blocks.
 *
 * <p>They are under lease from the keys' owners, which acknowledge no Remove before they are gone. Only reads of this
 * node's own callers are answered with them, and never one whose {@code min_position} the copy does not cover.
 */
public interface HotCopies {
    /** The answer of the copy, which is a use of it; null when there is none that will do. */
    @Nullable Answer find(Read read);

    /** The same for who only wants to know: it is no use of the copy. The same where uses are not counted. */
    default @Nullable Answer look(Read read) {
        return find(read);
    }

    /** Counts a read that another node answered, and may have it lend the answer. */
    void forwarded(Read read, Answer answer);
}
