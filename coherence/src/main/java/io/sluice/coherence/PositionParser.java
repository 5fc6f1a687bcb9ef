package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

/**
 * Parses positions and remembers the last one. A source is polled far more often than it changes, and the changes of
 * one transaction share one position, so the same text comes again and again: it then costs a string comparison, and
 * everything stamped with it shares one object.
 *
 * <p>Safe for use by many threads: what is remembered is one immutable pair, replaced whole; a race parses twice.
 */
public final class PositionParser {
    private record Parsed(String text, SourcePosition position) {}

    private volatile Parsed last = new Parsed("", SourcePosition.UNKNOWN);

    /** As {@link SourcePosition#parse}. */
    public SourcePosition parse(String text) {
        Parsed known = last;
        if (known.text.equals(requireNonNull(text, "text is null"))) {
            return known.position;
        }
        SourcePosition position = SourcePosition.parse(text);
        // A poll may print differently what is the same set; keep sharing the object.
        SourcePosition shared = position.equals(known.position) ? known.position : position;
        last = new Parsed(text, shared);
        return shared;
    }
}
