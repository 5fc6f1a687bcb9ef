package io.sluice.mapping;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a rule applies to a row change. Immutable and safe for use by many threads. Invariant: where it cannot be
 * decided it applies; a rule may apply once too often, never too seldom.
 */
sealed interface Condition
        permits Condition.Always, Condition.Happened, Condition.Changed, Condition.Cascaded, CelCondition {
    boolean applies(RowImages row);

    /** As a rules file has it. */
    String text();

    /** The columns that must be in the row for the condition to be decided. */
    default List<String> columns() {
        return List.of();
    }

    /** Without {@code when}. */
    record Always() implements Condition {
        @Override
        public String text() {
            return "always";
        }

        @Override
        public boolean applies(RowImages row) {
            return true;
        }
    }

    /** {@code inserted}, {@code deleted}, {@code updated}. */
    record Happened(RowChange.Kind kind) implements Condition {
        @Override
        public String text() {
            return switch (kind) {
                case INSERT -> "inserted";
                case UPDATE -> "updated";
                case DELETE -> "deleted";
            };
        }

        @Override
        public boolean applies(RowImages row) {
            return row.kind() == kind;
        }
    }

    /**
     * {@code changed(a, b)}: one of the columns is not what it was. An inserted or deleted row changes all its columns,
     * from or to nothing.
     */
    record Changed(List<String> columns) implements Condition {
        private static final Pattern TEXT = Pattern.compile("changed\\s*\\(([^()]*)\\)");

        public Changed {
            columns = List.copyOf(columns);
        }

        @Override
        public String text() {
            return "changed(" + String.join(", ", columns) + ")";
        }

        @Override
        public boolean applies(RowImages row) {
            if (row.kind() != RowChange.Kind.UPDATE) {
                return true;
            }
            for (String column : columns) {
                if (row.mayHaveChanged(column)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Rows of another table that point here go or change with this one, and the binlog does not tell. */
    record Cascaded(List<String> columns) implements Condition {
        public Cascaded {
            columns = List.copyOf(columns);
        }

        @Override
        public String text() {
            return "deleted || (updated && changed(" + String.join(", ", columns) + "))";
        }

        @Override
        public boolean applies(RowImages row) {
            return switch (row.kind()) {
                case INSERT -> false;
                case DELETE -> true;
                case UPDATE -> columns.stream().anyMatch(row::mayHaveChanged);
            };
        }
    }

    /**
     * Reads the text form; throws IllegalArgumentException that says what is wrong. The commonest forms are not left to
     * the expression library: they cost nothing there and a microsecond here.
     */
    static Condition parse(String text) {
        String trimmed = text.strip();
        return switch (trimmed.toLowerCase(Locale.ROOT)) {
            case "inserted" -> new Happened(RowChange.Kind.INSERT);
            case "deleted" -> new Happened(RowChange.Kind.DELETE);
            case "updated" -> new Happened(RowChange.Kind.UPDATE);
            default -> {
                Matcher changed = Changed.TEXT.matcher(trimmed);
                yield changed.matches() ? changed(trimmed, changed.group(1)) : CelCompilation.compile(trimmed);
            }
        };
    }

    private static Condition changed(String text, String list) {
        List<String> columns = List.of(list.strip().split("\\s*,\\s*", -1));
        if (columns.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("'" + text + "' lacks a column: write changed(column, ...)");
        }
        return new Changed(columns);
    }
}
