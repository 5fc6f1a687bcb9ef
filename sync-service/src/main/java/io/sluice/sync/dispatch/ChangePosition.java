package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * The position of one change or of several: its text, as it goes out, and what it means. Immutable.
 *
 * <p>One position stands for another where it covers it. A node that is told the later position of two forgets at least
 * as much: it drops and refuses whatever reflects less. What it drops too much is what was loaded between the two.
 */
final class ChangePosition {
    /** No position; stands for nothing else, and nothing else for it. */
    static final ChangePosition NONE = new ChangePosition("", SourcePosition.UNKNOWN);

    private final String text;
    private final SourcePosition position;

    private ChangePosition(String text, SourcePosition position) {
        this.text = requireNonNull(text, "text is null");
        this.position = requireNonNull(position, "position is null");
    }

    /** Reads it. A text that is no position is sent as it is, for a node to refuse, and covers nothing. */
    static ChangePosition parse(String text, PositionParser parser) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            return new ChangePosition(text, parser.parse(text));
        } catch (PositionFormatException e) {
            return new ChangePosition(text, SourcePosition.UNKNOWN);
        }
    }

    String text() {
        return text;
    }

    /** Whether a removal at the other position may be told at this one. */
    boolean standsFor(ChangePosition other) {
        return text.equals(other.text) || position.covers(other.position);
    }

    /** One that stands for both, or null where there is none. */
    @Nullable ChangePosition union(ChangePosition other) {
        if (standsFor(other)) {
            return this;
        }
        if (position.isUnknown() || other.position.isUnknown()) {
            return null;
        }
        SourcePosition union = position.union(other.position);
        String unionText = union.toString();
        return unionText.length() <= SourcePosition.MAX_TEXT_LENGTH ? new ChangePosition(unionText, union) : null;
    }
}
