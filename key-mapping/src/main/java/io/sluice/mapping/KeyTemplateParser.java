package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/** Reads the text form of a key template, once. Single-threaded. */
final class KeyTemplateParser {
    private static final Pattern COLUMN = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");

    private final String text;
    private final KeyTemplate.Parts parts = new KeyTemplate.Parts();
    private int at;

    KeyTemplateParser(String text) {
        this.text = requireNonNull(text, "text is null");
    }

    KeyTemplate parse() {
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if (c != '{' && c != '}') {
                parts.literal(c);
                at++;
            } else if (doubled) {
                parts.literal(c);
                at += 2;
            } else if (c == '{') {
                column();
            } else {
                throw new IllegalArgumentException("a '}' stands alone: write '}}' for the character");
            }
        }
        if (parts.isConstant()) {
            throw new IllegalArgumentException("names no column, so all rows would share one key: write {column}");
        }
        return parts.build(text);
    }

    private void column() {
        int end = text.indexOf('}', at);
        if (end < 0) {
            throw new IllegalArgumentException("a '{' is not closed: write {column}, or '{{' for the character");
        }
        String name = text.substring(at + 1, end);
        if (!COLUMN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'{" + name + "}' is not a column: write its name in braces, letters, digits and _ only");
        }
        if (parts.has(name)) {
            throw new IllegalArgumentException("names column " + name + " twice: once is enough");
        }
        parts.column(name);
        at = end + 1;
    }
}
