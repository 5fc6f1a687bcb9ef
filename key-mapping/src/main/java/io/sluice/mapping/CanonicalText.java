package io.sluice.mapping;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNullElse;

import java.math.BigInteger;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where column values become the text that keys are made of: equal for the same row, whether the value
 * came through Canal or through JDBC. Stateless. docs/rules.md has the table for users.
 *
 * <ul>
 *   <li>whole numbers without leading zeros; decimals with their declared scale, FLOAT and DOUBLE with the fewest
 *       digits that give the number again, never with an exponent; BIT as an unsigned number;
 *   <li>strings as they are: a key says {@code anna} where the row says {@code anna}, whatever the collation;
 *   <li>ENUM as its label, SET as its labels with commas, in the order of the declaration;
 *   <li>{@code yyyy-MM-dd}, {@code yyyy-MM-dd HH:mm:ss[.ffffff]} and {@code HH:mm:ss[.ffffff]} with as many digits as
 *       declared, years with four; TIMESTAMP in UTC, where the zone in which Canal prints it is known;
 *   <li>binary as lower-case hex, {@code binary(n)} padded to n (the binlog cuts trailing zeros): a load must compare
 *       with {@code UNHEX(:column)}.
 * </ul>
 *
 * <p>Refused: JSON as a whole and what is unknown, and values that are not what the type says. Who is refused must be
 * coarser (remove the group), never leave it.
 *
 * <p>JDBC must not bend types: connect with {@code tinyInt1isBit=false} (else {@code tinyint(1)} 2 is {@code true}) and
 * a session in UTC.
 */
public final class CanonicalText {
    private static final Pattern UNSIGNED = Pattern.compile("\\d{1,20}");
    private static final Pattern YEAR = Pattern.compile("\\d{1,4}");
    /** What Canal makes of bytes that are not UTF-8, as it does not ask for a column's character set. */
    private static final char UNREADABLE = '\uFFFD';

    private static final Canonical NOT_UTF_8 = new Canonical.Refused(
            "the text has characters that Canal cannot read: make the column utf8mb4, or keep it out of keys");
    private static final BigInteger TWO_TO_64 = BigInteger.TWO.pow(64);

    private CanonicalText() {}

    /** From what Canal printed, with the column's MySQL type such as {@code decimal(10,2)}. */
    public static Canonical fromCanal(String mysqlType, String text) {
        return fromCanal(ColumnType.parse(mysqlType), text, null);
    }

    /**
     * From what Canal printed.
     *
     * @param canalZone the time zone of Canal's JVM, in which it prints TIMESTAMP; null when nobody said
     */
    static Canonical fromCanal(ColumnType type, String text, @Nullable ZoneId canalZone) {
        return switch (type.kind()) {
            case TEXT -> text.indexOf(UNREADABLE) < 0 ? text(text) : NOT_UTF_8;
            case BINARY -> latin1(type, text);
            case BIT -> bit(type, text);
            case ENUM -> enumeration(type, text);
            case SET -> set(type, text);
            case TIMESTAMP -> timestamp(type, text, canalZone);
            default -> fromText(type, text);
        };
    }

    /** A text that ends in Z is in UTC; Canal's never do, those of other change formats always. */
    private static Canonical timestamp(ColumnType type, String text, @Nullable ZoneId canalZone) {
        if (text.endsWith("Z")) {
            return CanonicalTime.datetime(type, text.substring(0, text.length() - 1));
        }
        return canalZone == null
                ? new Canonical.Refused(
                        "type timestamp has a text only in a known time zone: set canal-time-zone of the source")
                : CanonicalTime.timestamp(type, text, canalZone);
    }

    /** From what the driver returned, with the column's MySQL type such as {@code decimal(10,2)}. */
    public static Canonical fromJdbc(String mysqlType, Object value) {
        ColumnType type = ColumnType.parse(mysqlType);
        if (value instanceof byte[] bytes) {
            return switch (type.kind()) {
                case BINARY -> binary(type, bytes);
                case BIT -> text(new BigInteger(1, bytes).toString());
                default -> unlike(type);
            };
        }
        String text = JdbcText.of(type.kind(), value);
        if (text == null || type.kind() == ColumnType.Kind.BINARY) {
            return unlike(type);
        }
        return switch (type.kind()) {
            case BIT -> bit(type, text);
            case ENUM, SET -> text(text);
            case TIMESTAMP -> CanonicalTime.datetime(type, text);
            default -> fromText(type, text);
        };
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
            case DATETIME, TIMESTAMP -> name + "(" + Math.clamp(precision - 20L, 0, 6) + ")";
            case TIME -> name + "(" + Math.clamp(precision - 11L, 0, 6) + ")";
            case BINARY -> type.name().equals("binary") ? "binary(" + precision + ")" : name;
            default -> name;
        };
    }

    private static Canonical fromText(ColumnType type, String text) {
        return switch (type.kind()) {
            case INTEGER, DECIMAL, FLOAT, DOUBLE -> orUnlike(type, CanonicalNumber.of(type, text));
            case TEXT -> text(text);
            case DATE -> CanonicalTime.date(type, text);
            case DATETIME -> CanonicalTime.datetime(type, text);
            case TIME -> CanonicalTime.time(type, text);
            case YEAR -> YEAR.matcher(text).matches() ? text("0".repeat(4 - text.length()) + text) : unlike(type);
            default -> unlike(type);
        };
    }

    /** Canal prints the bits as a number, those of BIT(64) as one with a sign. */
    private static Canonical bit(ColumnType type, String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        if (!UNSIGNED.matcher(digits).matches() || (negative && type.first() != Long.SIZE)) {
            return unlike(type);
        }
        BigInteger number = new BigInteger(digits);
        return text((negative ? TWO_TO_64.subtract(number) : number).toString());
    }

    /** Canal prints the index from 1; 0 is MySQL's value for what was no label. */
    private static Canonical enumeration(ColumnType type, String index) {
        if (!UNSIGNED.matcher(index).matches() || index.length() > 5) {
            return unlike(type);
        }
        int at = Integer.parseInt(index);
        if (at == 0) {
            return text("");
        }
        return at <= type.labels().size() ? text(type.labels().get(at - 1)) : unlike(type);
    }

    /** Canal prints the bit mask. */
    private static Canonical set(ColumnType type, String mask) {
        if (!UNSIGNED.matcher(mask).matches()) {
            return unlike(type);
        }
        BigInteger bits = new BigInteger(mask);
        if (bits.bitLength() > type.labels().size()) {
            return unlike(type);
        }
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < type.labels().size(); i++) {
            if (bits.testBit(i)) {
                labels.append(labels.isEmpty() ? "" : ",").append(type.labels().get(i));
            }
        }
        return text(labels.toString());
    }

    private static Canonical latin1(ColumnType type, String text) {
        return text.chars().allMatch(c -> c <= 0xFF) ? binary(type, text.getBytes(ISO_8859_1)) : unlike(type);
    }

    private static Canonical binary(ColumnType type, byte[] bytes) {
        boolean fixed = type.name().equals("binary");
        int length = fixed ? Math.max(1, type.first()) : bytes.length;
        return bytes.length > length ? unlike(type) : text(HexFormat.of().formatHex(Arrays.copyOf(bytes, length)));
    }

    private static Canonical orUnlike(ColumnType type, @Nullable String text) {
        return text == null ? unlike(type) : text(text);
    }

    private static Canonical text(String text) {
        return new Canonical.Text(text);
    }

    static Canonical unlike(ColumnType type) {
        return new Canonical.Refused(
                requireNonNullElse(type.refusal(), "the value is not what type " + type.name() + " says"));
    }
}
