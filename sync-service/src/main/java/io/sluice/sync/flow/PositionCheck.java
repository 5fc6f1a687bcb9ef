package io.sluice.sync.flow;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;

/**
 * Whether the text of a position is a GTID set. Remembers the last sound one: the next differs from it by the number of
 * its last transaction, or not at all. Confined to one thread.
 */
final class PositionCheck {
    /** Numbers of so many digits are below MySQL's largest. */
    private static final int MAX_DIGITS = 18;

    private String sound = "";

    boolean isSound(String position) {
        if (position.equals(sound)) {
            return true;
        }
        if (!isNext(position) && !parses(position)) {
            return false;
        }
        sound = position;
        return true;
    }

    /** The sound text again but for a larger number at its end, which only lengthens the last interval. */
    private boolean isNext(String position) {
        int start = sound.length();
        while (start > 0 && isDigit(sound.charAt(start - 1))) {
            start--;
        }
        int digits = position.length() - start;
        // After ':' the number stands for one transaction, and a larger one for another.
        if (start == 0
                || digits < sound.length() - start
                || digits > MAX_DIGITS
                || position.length() > SourcePosition.MAX_TEXT_LENGTH
                || !position.regionMatches(0, sound, 0, start)) {
            return false;
        }
        for (int i = start; i < position.length(); i++) {
            if (!isDigit(position.charAt(i))) {
                return false;
            }
        }
        return (sound.charAt(start - 1) == '-' || sound.charAt(start - 1) == ':')
                && (digits > sound.length() - start || position.compareTo(sound) > 0)
                && position.charAt(start) != '0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean parses(String position) {
        try {
            SourcePosition.parse(position);
            return true;
        } catch (PositionFormatException e) {
            return false;
        }
    }
}
