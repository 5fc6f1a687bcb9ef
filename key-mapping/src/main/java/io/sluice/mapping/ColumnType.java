package io.sluice.mapping;

import java.util.Locale;

/**
 * A MySQL column type, read from its text such as {@code decimal(10,2)} or {@code bigint(20) unsigned}. Immutable.
 *
 * @param first the first number in parentheses, or -1
 * @param second the second number in parentheses, or -1
 */
record ColumnType(Kind kind, String name, int first, int second) {
    /** What values look like. */
    enum Kind {
        INTEGER,
        DECIMAL,
        TEXT,
        DATE,
        DATETIME,
        TIME,
        YEAR,
        BINARY,
        UNSAFE
    }

    static ColumnType parse(String mysqlType) {
        String text = mysqlType.strip().toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        String name = text.substring(0, end);
        int[] numbers = numbers(text, end);
        return new ColumnType(kind(name), name, numbers[0], numbers[1]);
    }

    private static int[] numbers(String text, int open) {
        int[] numbers = {-1, -1};
        int close = text.indexOf(')', open);
        if (open < text.length() && text.charAt(open) == '(' && close > 0) {
            String[] parts = text.substring(open + 1, close).split(",", -1);
            for (int i = 0; i < Math.min(2, parts.length); i++) {
                numbers[i] = number(parts[i].strip());
            }
        }
        return numbers;
    }

    private static int number(String digits) {
        boolean small = !digits.isEmpty() && digits.length() <= 9;
        return small && digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
    }

    private static Kind kind(String name) {
        return switch (name) {
            case "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "bool", "boolean", "serial" ->
                Kind.INTEGER;
            case "decimal", "numeric", "dec", "fixed" -> Kind.DECIMAL;
            case "char", "varchar", "nchar", "nvarchar", "character", "tinytext", "text", "mediumtext", "longtext" ->
                Kind.TEXT;
            case "date" -> Kind.DATE;
            case "datetime" -> Kind.DATETIME;
            case "time" -> Kind.TIME;
            case "year" -> Kind.YEAR;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Kind.BINARY;
            default -> Kind.UNSAFE;
        };
    }

    /** Digits after the point: of a decimal, or of a second. */
    int scale() {
        return Math.max(0, kind == Kind.DECIMAL ? second : first);
    }

    /** Why values of an unsafe type cannot be part of a key. */
    String refusal() {
        String why = switch (name) {
            case "float", "double", "real" -> "prints one number in more than one way; use decimal";
            case "enum", "set" -> "is a number in the change stream and a text in SQL";
            case "timestamp" -> "depends on the time zone of who prints it; use datetime";
            case "bit" -> "is a number in the change stream and bytes in SQL";
            default -> "has no agreed text";
        };
        return "type " + (name.isEmpty() ? "unknown" : name) + " cannot be part of a key: it " + why;
    }
}
