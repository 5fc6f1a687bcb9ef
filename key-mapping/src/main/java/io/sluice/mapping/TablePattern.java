package io.sluice.mapping;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which tables a part of the rules speaks of, database included, without regard to case: a name {@code shop.orders}, a
 * wildcard {@code shop*.orders_?}, or a regular expression over the whole name between slashes,
 * {@code /shop\.orders_\d+/}. Immutable. Regular expressions are RE2's, whose time is linear.
 */
final class TablePattern {
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("([^.`\\s]+)\\.([^.`\\s]+)");

    private final String text;
    private final @Nullable TableName exact;
    private final @Nullable Pattern pattern;

    private TablePattern(String text, @Nullable TableName exact, @Nullable Pattern pattern) {
        this.text = text;
        this.exact = exact;
        this.pattern = pattern;
    }

    /** Reads the text form; throws IllegalArgumentException that says how to write it. */
    static TablePattern parse(String text) {
        if (text.length() > 2 && text.startsWith("/") && text.endsWith("/")) {
            String expression = text.substring(1, text.length() - 1);
            try {
                return new TablePattern(text, null, Pattern.compile(expression, Pattern.CASE_INSENSITIVE));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a regular expression (RE2): " + e.getDescription(), e);
            }
        }
        var name = NAME.matcher(text);
        if (!name.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a table: write database.table");
        }
        boolean wild = text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
        return wild
                ? new TablePattern(text, null, Pattern.compile(wildcard(text.toLowerCase(Locale.ROOT))))
                : new TablePattern(text, new TableName(name.group(1), name.group(2)), null);
    }

    /** A wildcard stands for nothing across the dot. */
    private static String wildcard(String text) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> expression.append("[^.]*");
                case '?' -> expression.append("[^.]");
                default -> expression.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return expression.toString();
    }

    /** The one table that it names; null when it may name several. */
    @Nullable TableName exact() {
        return exact;
    }

    boolean matches(TableName table) {
        return pattern == null ? table.equals(exact) : pattern.matches(table.toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
