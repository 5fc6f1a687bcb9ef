package io.sluice.sync.lost;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;

/**
 * The positions of one partition of the change stream, which are cumulative: each holds the one before, however much
 * lies between. A smaller one is a replay, up to where the stream has been already. One that neither holds the highest
 * so far nor is held by it is of another history: something between the two was never told.
 *
 * <p>Most positions differ from the last by the number at their end, and then nothing is read but the text. A text that
 * names a single transaction is not cumulative, and tells nothing.
 *
 * <p>{@link #next} is confined to the poll thread; the rest is safe for use by many threads. Invariant: whatever the
 * order of replays and jumps in one history, no step is INCOMPARABLE.
 */
final class PartitionHistory {
    /** Numbers of so many digits are below MySQL's largest. */
    private static final int SURE_DIGITS = 18;

    private String last = "";
    private volatile String highest = "";
    private boolean behind;
    private volatile boolean beginsAnew;

    /** What a position is to those before it. */
    enum Step {
        /** More, the same, or less while it is being replayed. */
        ON,
        /** More, by a server that was not named before. */
        ON_BY_ANOTHER_SERVER,
        /** Less, for the first time. */
        BACK,
        /** Neither. */
        ASIDE
    }

    /** The next position; a sound text, or empty. */
    Step next(String text) {
        if (beginsAnew) {
            beginsAnew = false;
            last = "";
            highest = "";
            behind = false;
        }
        if (text.equals(last) || isOfOneTransaction(text)) {
            return Step.ON;
        }
        if (!behind && isGrown(last, text)) {
            last = text;
            highest = text;
            return Step.ON;
        }
        return compare(text);
    }

    private Step compare(String text) {
        SourcePosition now = parse(text);
        SourcePosition before = parse(highest);
        last = text;
        if (!now.equals(before) && before.covers(now)) {
            boolean first = !behind;
            behind = true;
            return first ? Step.BACK : Step.ON;
        }
        highest = text;
        behind = false;
        if (before.isUnknown()) {
            return Step.ON;
        }
        if (!now.covers(before)) {
            return Step.ASIDE;
        }
        return servers(now) > servers(before) ? Step.ON_BY_ANOTHER_SERVER : Step.ON;
    }

    /** The highest so far; UNKNOWN before the first. */
    SourcePosition highest() {
        return beginsAnew ? SourcePosition.UNKNOWN : parse(highest);
    }

    /** What comes next is compared with nothing. */
    void beginAnew() {
        beginsAnew = true;
    }

    /** Empty, or {@code uuid:5}. */
    private static boolean isOfOneTransaction(String text) {
        return text.indexOf(',') < 0 && text.indexOf('-', text.indexOf(':') + 1) < 0 && isOneInterval(text);
    }

    private static boolean isOneInterval(String text) {
        return text.indexOf(':') == text.lastIndexOf(':');
    }

    /** The same text but for a larger number at the end of its last interval. */
    private static boolean isGrown(String before, String now) {
        int start = before.length();
        while (start > 0 && isDigit(before.charAt(start - 1))) {
            start--;
        }
        int more = now.length() - before.length();
        if (start == 0
                || start == before.length()
                || before.charAt(start - 1) != '-'
                || more < 0
                || now.length() - start > SURE_DIGITS
                || before.charAt(start) == '0'
                || now.charAt(start) == '0'
                || !now.regionMatches(0, before, 0, start)) {
            return false;
        }
        for (int i = start; i < now.length(); i++) {
            if (!isDigit(now.charAt(i))) {
                return false;
            }
        }
        return more > 0 || now.compareTo(before) > 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static long servers(SourcePosition position) {
        return position.toString().chars().filter(c -> c == ',').count();
    }

    private static SourcePosition parse(String text) {
        try {
            return SourcePosition.parse(text);
        } catch (PositionFormatException e) {
            return SourcePosition.UNKNOWN;
        }
    }
}
