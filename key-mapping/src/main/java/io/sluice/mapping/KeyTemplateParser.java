package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text form of a key template, once: literal text, <code>{column}</code>, <code>{function(column, 'text', 7)}
 * </code>. Single-threaded.
 */
final class KeyTemplateParser {
    private static final int MAX_NESTING = 10;

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
        int open = at++;
        List<KeyFunction> functions = new ArrayList<>();
        String column = expression(functions, MAX_NESTING);
        if (at == text.length()) {
            throw new IllegalArgumentException("a '{' is not closed: write {column}, or '{{' for the character");
        }
        if (text.charAt(at) != '}') {
            int end = text.indexOf('}', at);
            throw new IllegalArgumentException("'" + text.substring(open, end < 0 ? text.length() : end + 1)
                    + "' is not a column: write its name in braces, letters, digits and _ only, or in `backquotes`");
        }
        String form = functions.isEmpty() ? "" : form(text.substring(open + 1, at), column);
        at++;
        if (functions.isEmpty() && parts.hasPlain(column)) {
            throw new IllegalArgumentException("names column " + column + " twice: once is enough");
        }
        parts.column(new KeyPart(column, functions), form);
    }

    /** A part without its column, so that the parts of two templates can be compared. */
    private static String form(String part, String column) {
        String packed = part.replace(" ", "");
        int innermost = packed.lastIndexOf('(', packed.indexOf(column.replace(" ", ""))) + 1;
        int end = innermost;
        while (end < packed.length() && packed.charAt(end) != ',' && packed.charAt(end) != ')') {
            end++;
        }
        return packed.substring(0, innermost) + packed.substring(end);
    }

    /** A column, or a function around one; adds the functions from the inside out and returns the column. */
    private String expression(List<KeyFunction> functions, int depth) {
        skipSpaces();
        boolean quoted = at < text.length() && text.charAt(at) == '`';
        String name = quoted ? quoted('`') : name();
        skipSpaces();
        if (quoted || at == text.length() || text.charAt(at) != '(') {
            return name;
        }
        if (depth == 0) {
            throw new IllegalArgumentException("has more than " + MAX_NESTING + " functions inside each other");
        }
        at++;
        String column = expression(functions, depth - 1);
        List<Object> arguments = new ArrayList<>();
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            arguments.add(argument());
            skipSpaces();
        }
        if (at == text.length() || text.charAt(at) != ')') {
            throw new IllegalArgumentException(
                    "the '(' of " + name + " is not closed: write " + name + "(column, ...)");
        }
        at++;
        skipSpaces();
        functions.add(KeyFunctions.of(name, arguments));
        return column;
    }

    private Object argument() {
        skipSpaces();
        if (at < text.length() && text.charAt(at) == '\'') {
            return quoted('\'');
        }
        int from = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        String digits = text.substring(from, at);
        if (digits.isEmpty() || digits.length() > 9) {
            throw new IllegalArgumentException("an argument is a whole number or a 'text' in single quotes");
        }
        return Integer.valueOf(digits);
    }

    /** A doubled quote stands for one. */
    private String quoted(char quote) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != quote) {
                content.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                content.append(c);
                at++;
            } else {
                return content.toString();
            }
        }
        throw new IllegalArgumentException("a " + quote + " is not closed");
    }

    private String name() {
        int from = at;
        while (at < text.length() && isNamePart(text.charAt(at), at == from)) {
            at++;
        }
        if (at == from) {
            if (at == text.length()) {
                throw new IllegalArgumentException("a '{' is not closed: write {column}, or '{{' for the character");
            }
            throw new IllegalArgumentException(
                    "a column is expected at '" + text.substring(at) + "': write its name in braces");
        }
        return text.substring(from, at);
    }

    private static boolean isNamePart(char c, boolean first) {
        return Character.isLetter(c) || c == '_' || c == '$' || (!first && Character.isDigit(c));
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }
}
