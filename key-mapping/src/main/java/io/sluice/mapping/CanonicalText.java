package io.sluice.mapping;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one place where column values become the text that keys are made of: equal for the same row, whether the value
 * came through Canal or through JDBC. Stateless.
 *
 * <ul>
 *   <li>whole numbers without leading zeros; decimals with their declared scale, never with an exponent;
 *   <li>strings as they are: a key says {@code anna} where the row says {@code anna}, whatever the collation;
 *   <li>{@code yyyy-MM-dd}, {@code yyyy-MM-dd HH:mm:ss[.ffffff]} and {@code HH:mm:ss[.ffffff]} with as many digits as
 *       declared, years with four;
 *   <li>binary as lower-case hex, {@code binary(n)} padded to n (the binlog cuts trailing zeros): a load must compare
 *       with {@code UNHEX(:column)}.
 * </ul>
 *
 * <p>Refused: float, double, enum, set, timestamp, bit, JSON and what is unknown, and values that are not what the type
 * says. Who is refused must be coarser (remove the group), never leave it.
 *
 * <p>JDBC must not bend types: connect with {@code tinyInt1isBit=false} (else {@code tinyint(1)} 2 is {@code true}).
 */
public final class CanonicalText {
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,65}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,65}(\\.\\d{0,30})?");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern DATETIME =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2})(?:\\.(\\d{1,9}))?");
    private static final Pattern TIME = Pattern.compile("(-?\\d{2,3}:\\d{2}:\\d{2})(?:\\.(\\d{1,9}))?");
    private static final Pattern YEAR = Pattern.compile("\\d{1,4}");

    private CanonicalText() {}

    /** From what Canal printed, with the column's MySQL type such as {@code decimal(10,2)}. */
    public static Canonical fromCanal(String mysqlType, String text) {
        ColumnType type = ColumnType.parse(mysqlType);
        return type.kind() == ColumnType.Kind.BINARY ? latin1(type, text) : fromText(type, text);
    }

    /** From what the driver returned, with the column's MySQL type such as {@code decimal(10,2)}. */
    public static Canonical fromJdbc(String mysqlType, Object value) {
        ColumnType type = ColumnType.parse(mysqlType);
        if (value instanceof byte[] bytes) {
            return type.kind() == ColumnType.Kind.BINARY ? binary(type, bytes) : unlike(type);
        }
        String text = JdbcText.of(type.kind(), value);
        return text == null || type.kind() == ColumnType.Kind.BINARY ? unlike(type) : fromText(type, text);
    }

    /**
     * The type text of a JDBC result column, from its metadata: type name, precision and scale. Connector/J gives the
     * printed width as the precision of times.
     */
    public static String mysqlType(String jdbcTypeName, int precision, int scale) {
        ColumnType type = ColumnType.parse(jdbcTypeName);
        String name = jdbcTypeName.toLowerCase(Locale.ROOT);
        return switch (type.kind()) {
            case DECIMAL -> type.name() + "(" + precision + "," + scale + ")";
            case DATETIME -> name + "(" + Math.clamp(precision - 20L, 0, 6) + ")";
            case TIME -> name + "(" + Math.clamp(precision - 11L, 0, 6) + ")";
            case BINARY -> type.name().equals("binary") ? "binary(" + precision + ")" : name;
            default -> name;
        };
    }

    private static Canonical fromText(ColumnType type, String text) {
        return switch (type.kind()) {
            case INTEGER -> INTEGER.matcher(text).matches() ? text(new BigInteger(text).toString()) : unlike(type);
            case DECIMAL -> DECIMAL.matcher(text).matches() ? decimal(type, new BigDecimal(text)) : unlike(type);
            case TEXT -> text(text);
            case DATE -> DATE.matcher(text).matches() ? text(text) : unlike(type);
            case DATETIME -> fraction(type, DATETIME.matcher(text));
            case TIME -> fraction(type, TIME.matcher(text));
            case YEAR -> YEAR.matcher(text).matches() ? text("0".repeat(4 - text.length()) + text) : unlike(type);
            case BINARY, UNSAFE -> new Canonical.Refused(type.refusal());
        };
    }

    private static Canonical decimal(ColumnType type, BigDecimal value) {
        BigDecimal least = value.stripTrailingZeros();
        return least.scale() > type.scale()
                ? unlike(type)
                : text(least.setScale(type.scale()).toPlainString());
    }

    private static Canonical fraction(ColumnType type, Matcher parts) {
        if (!parts.matches()) {
            return unlike(type);
        }
        String digits = (parts.group(2) == null ? "" : parts.group(2)) + "0".repeat(6);
        if (digits.chars().skip(type.scale()).anyMatch(c -> c != '0')) {
            return unlike(type);
        }
        return text(parts.group(1) + (type.scale() == 0 ? "" : "." + digits.substring(0, Math.min(6, type.scale()))));
    }

    private static Canonical latin1(ColumnType type, String text) {
        return text.chars().allMatch(c -> c <= 0xFF) ? binary(type, text.getBytes(ISO_8859_1)) : unlike(type);
    }

    private static Canonical binary(ColumnType type, byte[] bytes) {
        boolean fixed = type.name().equals("binary");
        int length = fixed ? Math.max(1, type.first()) : bytes.length;
        return bytes.length > length ? unlike(type) : text(HexFormat.of().formatHex(Arrays.copyOf(bytes, length)));
    }

    private static Canonical text(String text) {
        return new Canonical.Text(text);
    }

    private static Canonical unlike(ColumnType type) {
        return new Canonical.Refused(
                type.kind() == ColumnType.Kind.UNSAFE
                        ? type.refusal()
                        : "the value is not what type " + type.name() + " says");
    }
}
