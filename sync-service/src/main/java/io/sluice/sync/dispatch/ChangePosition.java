package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * The position of one change or of several: its text, as it goes out, and what it means. Safe for use by many threads.
 *
 * <p>One position stands for another where it covers it. A node that is told the later position of two forgets at least
 * as much: it drops and refuses whatever reflects less. What it drops too much is what was loaded between the two.
 *
 * <p>A source's position mostly grows by its last number alone, and then the text says so without being read.
 */
final class ChangePosition {
    /** No position; stands for nothing else, and nothing else for it. */
    static final ChangePosition NONE = new ChangePosition("", false, SourcePosition.UNKNOWN);

    /** Every number of so many digits is one that a transaction can have. */
    private static final int SURE_DIGITS = 18;

    private final String text;
    private final boolean sound;
    /** What it means, once somebody asked; a race reads it twice. */
    private @Nullable SourcePosition position;

    private ChangePosition(String text, boolean sound, @Nullable SourcePosition position) {
        this.text = requireNonNull(text, "text is null");
        this.sound = sound;
        this.position = position;
    }

    /** Reads it. A text that is no position is sent as it is, for a node to refuse, and covers nothing. */
    static ChangePosition parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            return new ChangePosition(text, true, SourcePosition.parse(text));
        } catch (PositionFormatException e) {
            return new ChangePosition(text, false, SourcePosition.UNKNOWN);
        }
    }

    /** The position of this text if it is this one with a greater last number; null if it may be anything else. */
    @Nullable ChangePosition grownTo(String later) {
        int prefix = prefix(later);
        boolean grown = sound
                && prefix > 0
                && later.length() <= SourcePosition.MAX_TEXT_LENGTH
                && later.length() - prefix <= SURE_DIGITS
                && prefix == prefix(text)
                && text.charAt(prefix - 1) == '-'
                && text.regionMatches(0, later, 0, prefix)
                && isGreater(later, text, prefix);
        return grown ? new ChangePosition(later, true, null) : null;
    }

    /** How much of a text comes before the digits at its end. */
    private static int prefix(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) >= '0' && text.charAt(end - 1) <= '9') {
            end--;
        }
        return end;
    }

    private static boolean isGreater(String later, String earlier, int from) {
        int more = later.length() - earlier.length();
        boolean plain = later.length() > from && later.charAt(from) != '0' && earlier.charAt(from) != '0';
        return plain && (more > 0 || (more == 0 && later.compareTo(earlier) > 0));
    }

    String text() {
        return text;
    }

    private SourcePosition position() {
        SourcePosition known = position;
        if (known == null) {
            known = SourcePosition.parse(text);
            position = known;
        }
        return known;
    }

    /** Whether a removal at the other position may be told at this one. */
    boolean standsFor(ChangePosition other) {
        return text.equals(other.text) || (sound && other.sound && position().covers(other.position()));
    }

    /** One that stands for both, or null where there is none. */
    @Nullable ChangePosition union(ChangePosition other) {
        if (standsFor(other)) {
            return this;
        }
        if (!sound || !other.sound) {
            return null;
        }
        SourcePosition union = position().union(other.position());
        String unionText = union.toString();
        return unionText.length() <= SourcePosition.MAX_TEXT_LENGTH ? new ChangePosition(unionText, true, union) : null;
    }
}
