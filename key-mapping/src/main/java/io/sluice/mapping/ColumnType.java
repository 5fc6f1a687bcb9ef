package io.sluice.mapping;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A MySQL column type, read from its text such as {@code decimal(10,2)} or {@code enum('a','b')}. Immutable.
 *
 * @param first the first number in parentheses, or -1
 * @param second the second number in parentheses, or -1
 * @param labels of ENUM and SET, in order; empty when the text does not tell them for sure
 */
record ColumnType(Kind kind, String name, int first, int second, List<String> labels) {
    private static final int CACHED = 4_096;
    private static final Map<String, ColumnType> CACHE = new ConcurrentHashMap<>();

    /** What values look like. */
    enum Kind {
        INTEGER,
        DECIMAL,
        FLOAT,
        DOUBLE,
        TEXT,
        DATE,
        DATETIME,
        TIMESTAMP,
        TIME,
        YEAR,
        BINARY,
        BIT,
        ENUM,
        SET,
        JSON,
        UNSAFE
    }

    /** The type; texts repeat in every message, so the first few thousand are remembered. */
    static ColumnType parse(String mysqlType) {
        ColumnType known = CACHE.get(mysqlType);
        if (known != null) {
            return known;
        }
        ColumnType type = read(mysqlType.strip());
        if (CACHE.size() < CACHED) {
            CACHE.put(mysqlType, type);
        }
        return type;
    }

    private static ColumnType read(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        String name = text.substring(0, end).toLowerCase(Locale.ROOT);
        Kind kind = kind(name);
        boolean labelled = kind == Kind.ENUM || kind == Kind.SET;
        int[] numbers = numbers(text, end);
        return new ColumnType(
                kind, name, numbers[0], numbers[1], labelled ? TypeLabels.read(text.substring(end)) : List.of());
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
            case "float" -> Kind.FLOAT;
            case "double", "real" -> Kind.DOUBLE;
            case "char", "varchar", "nchar", "nvarchar", "character", "tinytext", "text", "mediumtext", "longtext" ->
                Kind.TEXT;
            case "date" -> Kind.DATE;
            case "datetime" -> Kind.DATETIME;
            case "timestamp" -> Kind.TIMESTAMP;
            case "time" -> Kind.TIME;
            case "year" -> Kind.YEAR;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Kind.BINARY;
            case "bit" -> Kind.BIT;
            case "enum" -> Kind.ENUM;
            case "set" -> Kind.SET;
            case "json" -> Kind.JSON;
            default -> Kind.UNSAFE;
        };
    }

    /** Digits after the point: of a decimal, or of a second. */
    int scale() {
        return Math.max(0, kind == Kind.DECIMAL ? second : first);
    }

    /** Why no value of this type has a text that is sure; null where most have one. */
    @Nullable String refusal() {
        return switch (kind) {
            case JSON -> "type json cannot be part of a key as a whole: name a path, {json(column, '$.path')}";
            case UNSAFE ->
                "type " + (name.isEmpty() ? "unknown" : name) + " cannot be part of a key: it has no agreed text";
            default -> null;
        };
    }
}
