package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns {@code :name} into {@code ?}, except where MySQL would not see it: in strings, quoted names, comments and after
 * a second colon. Used once. Single-threaded.
 */
final class LoadQueryParser {
    private static final Pattern QUERY =
            Pattern.compile("[\\s(]*(select|with|table|values)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final String sql;
    private final StringBuilder jdbc = new StringBuilder();
    private final List<String> parameters = new ArrayList<>();
    /** Where each parameter is in the text for JDBC. */
    private final List<Integer> places = new ArrayList<>();

    private int at;

    LoadQueryParser(String sql) {
        this.sql = requireNonNull(sql, "sql is null");
    }

    /** The query; throws IllegalArgumentException that says what is wrong with it. */
    LoadQuery parse() {
        read();
        return new LoadQuery(sql, jdbc.toString().strip(), parameters);
    }

    /** The query of several keys of that many columns; throws IllegalArgumentException that says what is wrong. */
    BatchQuery parseBatch(int columns) {
        read();
        if (new HashSet<>(parameters).size() != 1) {
            throw new IllegalArgumentException(
                    "has " + (parameters.isEmpty() ? "no parameter" : "several parameters: " + parameters)
                            + "; one stands for all keys: IN (:keys)");
        }
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int place : places) {
            pieces.add(jdbc.substring(from, place));
            from = place + 1;
        }
        pieces.add(jdbc.substring(from));
        for (int i = 0; i < places.size(); i++) {
            if (!pieces.get(i).stripTrailing().endsWith("(")
                    || !pieces.get(i + 1).stripLeading().startsWith(")")) {
                throw new IllegalArgumentException(
                        ":" + parameters.getFirst() + " stands for a list of keys: write IN (:" + parameters.getFirst()
                                + "), and nothing else between the parentheses");
            }
        }
        return new BatchQuery(sql, pieces, columns);
    }

    private void read() {
        if (!QUERY.matcher(sql).matches()) {
            throw new IllegalArgumentException("a query here only reads: begin it with SELECT or WITH");
        }
        while (at < sql.length()) {
            char c = sql.charAt(at);
            switch (c) {
                case '\'', '"', '`' -> quoted(c);
                case '#' -> comment("\n", false);
                case '-' -> dash();
                case '/' -> slash();
                case ':' -> colon();
                case '?' -> throw new IllegalArgumentException("'?' has no name: write :column");
                case ';' -> end();
                default -> copyTo(at + 1);
            }
        }
    }

    private void copyTo(int end) {
        jdbc.append(sql, at, end);
        at = end;
    }

    private void quoted(char quote) {
        for (int i = at + 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\\' && quote != '`') {
                i++;
            } else if (c == quote) {
                // A doubled quote ends here and begins again at once, which comes to the same.
                copyTo(i + 1);
                return;
            }
        }
        throw new IllegalArgumentException("a " + quote + " is not closed");
    }

    private void comment(String end, boolean mustEnd) {
        int found = sql.indexOf(end, at + 1);
        if (found < 0 && mustEnd) {
            throw new IllegalArgumentException("a comment is not closed: add */");
        }
        copyTo(found < 0 ? sql.length() : found + end.length());
    }

    /** MySQL wants white space after the two dashes of a comment: {@code 5--:a} is arithmetic. */
    private void dash() {
        boolean comment = sql.startsWith("--", at) && (at + 2 == sql.length() || sql.charAt(at + 2) <= ' ');
        if (comment) {
            comment("\n", false);
        } else {
            copyTo(at + 1);
        }
    }

    private void slash() {
        if (sql.startsWith("/*", at)) {
            copyTo(at + 1);
            comment("*/", true);
        } else {
            copyTo(at + 1);
        }
    }

    private void colon() {
        int end = at + 1;
        if (end < sql.length() && sql.charAt(end) == ':') {
            copyTo(end + 1);
            return;
        }
        while (end < sql.length() && isNamePart(sql.charAt(end), end == at + 1)) {
            end++;
        }
        if (end == at + 1) {
            copyTo(end);
            return;
        }
        parameters.add(sql.substring(at + 1, end));
        places.add(jdbc.length());
        jdbc.append('?');
        at = end;
    }

    private static boolean isNamePart(char c, boolean first) {
        return Character.isLetter(c) || c == '_' || c == '$' || (!first && Character.isDigit(c));
    }

    private void end() {
        if (!sql.substring(at + 1).isBlank()) {
            throw new IllegalArgumentException("a query here is one statement: remove what follows ';'");
        }
        at = sql.length();
    }
}
