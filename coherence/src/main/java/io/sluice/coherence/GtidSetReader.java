package io.sluice.coherence;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of one GTID set, once: {@code uuid:interval[:interval]...[,uuid:...]...}. White space may stand
 * between any two elements. Not safe for use by several threads; the text's length bounds everything it allocates.
 */
final class GtidSetReader {
    private final String text;
    private int at;

    GtidSetReader(String text) {
        this.text = text;
    }

    /** The intervals in the order of the text; empty for blank text. */
    List<GtidInterval> read() {
        if (text.length() > SourcePosition.MAX_TEXT_LENGTH) {
            throw problem("GTID set is longer than " + SourcePosition.MAX_TEXT_LENGTH + " characters");
        }
        List<GtidInterval> intervals = new ArrayList<>();
        skipBlanks();
        if (at == text.length()) {
            return intervals;
        }
        do {
            readServer(intervals);
        } while (take(','));
        if (at < text.length()) {
            throw problem("expected ':' or ',' at character " + at + " of the GTID set");
        }
        return intervals;
    }

    private void readServer(List<GtidInterval> intervals) {
        skipBlanks();
        long high = hex(8) << 32;
        dash();
        high |= hex(4) << 16;
        dash();
        high |= hex(4);
        dash();
        long low = hex(4) << 48;
        dash();
        low |= hex(12);
        if (!take(':')) {
            throw problem("expected ':' and an interval at character " + at + " of the GTID set");
        }
        do {
            skipBlanks();
            refuseTag();
            long first = number();
            long last = take('-') ? number() : first;
            if (last < first) {
                throw problem("interval " + first + "-" + last + " of the GTID set ends before it begins");
            }
            intervals.add(new GtidInterval(high, low, first, last));
        } while (take(':'));
    }

    private void refuseTag() {
        if (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_')) {
            throw problem("tagged GTIDs are not supported (character " + at
                    + "); let no session set gtid_next to AUTOMATIC:<tag> or <uuid>:<tag>:<number>");
        }
    }

    private long hex(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++, at++) {
            int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw problem("expected a hexadecimal digit of a UUID at character " + at + " of the GTID set");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private void dash() {
        if (at == text.length() || text.charAt(at) != '-') {
            throw problem("expected '-' of a UUID at character " + at + " of the GTID set");
        }
        at++;
    }

    /** A transaction number, 1 to 2^63 - 2, and the blanks around it. */
    private long number() {
        skipBlanks();
        int start = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            int digit = text.charAt(at++) - '0';
            if (value > (Long.MAX_VALUE - 1 - digit) / 10) {
                throw problem("transaction number at character " + start + " of the GTID set is too large");
            }
            value = value * 10 + digit;
        }
        if (value == 0) {
            throw problem("expected a transaction number from 1 at character " + start + " of the GTID set");
        }
        return value;
    }

    private boolean take(char expected) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private PositionFormatException problem(String what) {
        return new PositionFormatException(what, text);
    }
}
