package io.sluice.sync.source;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A MySQL column type as far as a value's text depends on it. Immutable.
 *
 * @param text as MySQL prints it, such as {@code decimal(10,2)} or {@code bigint unsigned}
 * @param name the first word
 * @param length the first number in parentheses, or 0
 * @param scale the second one, or 0
 */
record MysqlType(String text, Kind kind, String name, int length, int scale) {
    private static final Pattern FORM = Pattern.compile(
            "([a-z]+)\\s*(?:\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\)|\\(.*\\))?.*", Pattern.DOTALL);

    /** What values look like. */
    enum Kind {
        INTEGER,
        DECIMAL,
        FLOATING,
        TEXT,
        /** ENUM and SET. */
        LABELS,
        BINARY,
        BIT,
        DATE,
        DATETIME,
        TIMESTAMP,
        TIME,
        YEAR,
        JSON,
        OTHER
    }

    /** Reads any text; what is no type is {@link Kind#OTHER}. */
    static MysqlType parse(String text) {
        Matcher parts = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return new MysqlType(text, Kind.OTHER, "", 0, 0);
        }
        return new MysqlType(
                text.strip(), kind(parts.group(1)), parts.group(1), number(parts.group(2)), number(parts.group(3)));
    }

    static MysqlType declared(String table, String column, String text) {
        MysqlType type = parse(text);
        if (type.kind == Kind.OTHER) {
            throw new IllegalArgumentException("'" + text + "' of " + table + "." + column
                    + " is not a type that keys can have: write it as SHOW CREATE TABLE does, such as bigint unsigned");
        }
        return type;
    }

    boolean unsigned() {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("unsigned") || lower.contains("zerofill");
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static Kind kind(String name) {
        return switch (name) {
            case "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "bool", "boolean", "serial" ->
                Kind.INTEGER;
            case "decimal", "numeric", "dec", "fixed" -> Kind.DECIMAL;
            case "float", "double", "real" -> Kind.FLOATING;
            case "char", "varchar", "nchar", "nvarchar", "character", "tinytext", "text", "mediumtext", "longtext" ->
                Kind.TEXT;
            case "enum", "set" -> Kind.LABELS;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Kind.BINARY;
            case "bit" -> Kind.BIT;
            case "date" -> Kind.DATE;
            case "datetime" -> Kind.DATETIME;
            case "timestamp" -> Kind.TIMESTAMP;
            case "time" -> Kind.TIME;
            case "year" -> Kind.YEAR;
            case "json" -> Kind.JSON;
            default -> Kind.OTHER;
        };
    }
}
