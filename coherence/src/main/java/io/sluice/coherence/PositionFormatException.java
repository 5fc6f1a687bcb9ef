package io.sluice.coherence;

/**
 * A text that is no position Sluice can use; the message quotes it and says why. A position that cannot be read is a
 * hole in what is known: whoever catches this must treat it as such, never as an empty or a covered position.
 */
public final class PositionFormatException extends IllegalArgumentException {
    private static final int MAX_QUOTED = 200;

    PositionFormatException(String problem, String text) {
        super(problem + ": \"" + quoted(text) + "\"");
    }

    private static String quoted(String text) {
        return text.length() <= MAX_QUOTED
                ? text
                : text.substring(0, MAX_QUOTED) + "... (" + text.length() + " characters)";
    }
}
