package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import io.sluice.config.Place;

/**
 * Something that a check found in a rules file. Immutable.
 *
 * @param code one of few, for machines
 * @param place in the rules file or in the database
 * @param fix what to paste, several lines at times; empty when the message says it all
 * @param line in the rules file, counted from 1; 0 when it concerns no place there
 * @param column the same
 */
public record Finding(Severity severity, String code, String place, String message, String fix, int line, int column) {
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

    /** One whose line is not known, or not yet. */
    public Finding(Severity severity, String code, String place, String message, String fix) {
        this(severity, code, place, message, fix, 0, 0);
    }

    /** The same, at a place in the file. */
    Finding at(Place where) {
        return new Finding(severity, code, place, message, fix, where.line(), where.column());
    }

    static Finding error(String code, String place, String message, String fix) {
        return new Finding(Severity.ERROR, code, place, message, fix);
    }

    static Finding warning(String code, String place, String message) {
        return new Finding(Severity.WARNING, code, place, message, "");
    }
}
