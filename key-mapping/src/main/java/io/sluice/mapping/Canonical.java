package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

/** What became of a column value: its one text, or the reason why it has none yet. Immutable. */
public sealed interface Canonical {
    /** The text that every spelling of the value gives. */
    record Text(String text) implements Canonical {
        public Text {
            requireNonNull(text, "text is null");
        }
    }

    /** NULL, or nothing at the path of a JSON value. */
    record Null() implements Canonical {}

    /** No text that is sure to be the same from both sides; the reason names no value. */
    record Refused(String reason) implements Canonical {
        public Refused {
            requireNonNull(reason, "reason is null");
        }
    }
}
