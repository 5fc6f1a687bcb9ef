package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

/**
 * Something that a check found in a rules file. Immutable.
 *
 * @param code one of few, for machines
 * @param place in the rules file or in the database
 * @param fix what to paste, several lines at times; empty when the message says it all
 */
public record Finding(Severity severity, String code, String place, String message, String fix) {
    /** How bad it is. */
    public enum Severity {
        /** A stale value can stay, or nothing works. */
        ERROR,
        /** Probably not meant. */
        WARNING,
        /** Good to know. */
        NOTE
    }

    public Finding {
        requireNonNull(severity, "severity is null");
        requireNonNull(code, "code is null");
        requireNonNull(place, "place is null");
        requireNonNull(message, "message is null");
        requireNonNull(fix, "fix is null");
    }

    static Finding error(String code, String place, String message, String fix) {
        return new Finding(Severity.ERROR, code, place, message, fix);
    }

    static Finding warning(String code, String place, String message) {
        return new Finding(Severity.WARNING, code, place, message, "");
    }
}
