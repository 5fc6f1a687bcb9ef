package io.sluice.mapping;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a rule applies to a row change. Immutable. */
sealed interface Condition {
    /** What may be written, for messages. */
    String KNOWN = "changed(column, ...), inserted, deleted, updated";

    boolean applies(RowImages row);

    /** The columns that must be in the row for the condition to be decided. */
    default List<String> columns() {
        return List.of();
    }

    /** Without {@code when}. */
    record Always() implements Condition {
        @Override
        public boolean applies(RowImages row) {
            return true;
        }
    }

    /** {@code inserted}, {@code deleted}, {@code updated}. */
    record Happened(RowChange.Kind kind) implements Condition {
        @Override
        public boolean applies(RowImages row) {
            return row.kind() == kind;
        }
    }

    /**
     * {@code changed(a, b)}: one of the columns is not what it was. An inserted or deleted row changes all its columns,
     * from or to nothing. May apply once too often, never too seldom.
     */
    record Changed(List<String> columns) implements Condition {
        private static final Pattern TEXT = Pattern.compile("changed\\s*\\(([^()]*)\\)");

        public Changed {
            columns = List.copyOf(columns);
        }

        @Override
        public boolean applies(RowImages row) {
            return row.kind() != RowChange.Kind.UPDATE || columns.stream().anyMatch(row::mayHaveChanged);
        }
    }

    /** Reads the text form; throws IllegalArgumentException that lists what there is. */
    static Condition parse(String text) {
        String trimmed = text.strip();
        return switch (trimmed.toLowerCase(Locale.ROOT)) {
            case "inserted" -> new Happened(RowChange.Kind.INSERT);
            case "deleted" -> new Happened(RowChange.Kind.DELETE);
            case "updated" -> new Happened(RowChange.Kind.UPDATE);
            default -> parseChanged(trimmed);
        };
    }

    private static Condition parseChanged(String text) {
        Matcher changed = Changed.TEXT.matcher(text);
        if (!changed.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a condition; there are " + KNOWN);
        }
        List<String> columns = List.of(changed.group(1).strip().split("\\s*,\\s*", -1));
        if (columns.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("'" + text + "' lacks a column: write changed(column, ...)");
        }
        return new Changed(columns);
    }
}
