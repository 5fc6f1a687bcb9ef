package io.sluice.sync.source;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One value of Debezium's as Canal would print it. Stateless. Invariant: what can stand for more than one value of the
 * database, or for a value of more than one type, has no type; docs/formats.md has the table.
 */
final class DebeziumValue {
    static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";

    private static final BigInteger TWO_TO_64 = BigInteger.TWO.pow(64);
    /** So many digits of a decimal survive in a double. */
    private static final int EXACT_DIGITS = 15;

    private DebeziumValue() {}

    static ColumnText of(DebeziumType type, JsonNode value) {
        ColumnText text;
        try {
            text = type.name().isEmpty() ? plain(type, value) : named(type, value);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            // Not what its type says.
            text = null;
        }
        return text == null ? ColumnText.unsure(value.isString() ? value.stringValue() : value.toString()) : text;
    }

    private static @Nullable ColumnText plain(DebeziumType type, JsonNode value) {
        MysqlType mysql = type.mysql();
        return switch (type.connect()) {
            case "int8", "int16", "int32" -> integer(mysql, value, true);
            case "int64" -> integer(mysql, value, mysql != null && !mysql.unsigned());
            case "boolean" -> value.isBoolean() ? bool(mysql, value.booleanValue()) : null;
            case "float" ->
                value.isNumber() && isKind(mysql, MysqlType.Kind.FLOATING, true)
                        ? ColumnText.number("float", value.decimalValue())
                        : null;
            case "double" -> value.isNumber() && mysql != null ? floating(mysql, value.decimalValue()) : null;
            case "string" -> value.isString() ? string(mysql, value.stringValue()) : null;
            case "bytes" ->
                value.isString() && isKind(mysql, MysqlType.Kind.BINARY, true)
                        ? ColumnText.binary(mysql == null ? "varbinary" : mysql.text(), base64(value))
                        : null;
            default -> null;
        };
    }

    private static boolean isKind(@Nullable MysqlType mysql, MysqlType.Kind kind, boolean unknown) {
        return mysql == null ? unknown : mysql.kind() == kind;
    }

    /** A BIGINT UNSIGNED over the half is written as a negative number; no other unsigned type is. */
    private static @Nullable ColumnText integer(@Nullable MysqlType mysql, JsonNode value, boolean signed) {
        if (!value.isIntegralNumber() || !isKind(mysql, MysqlType.Kind.INTEGER, true)) {
            return null;
        }
        BigInteger number = value.bigIntegerValue();
        if (signed || number.signum() >= 0) {
            return ColumnText.integer(number.toString());
        }
        return mysql == null ? null : ColumnText.integer(TWO_TO_64.add(number).toString());
    }

    /** True is 1 in a BIT(1), and any number but 0 in a TINYINT(1) that a converter made a boolean of. */
    private static @Nullable ColumnText bool(@Nullable MysqlType mysql, boolean value) {
        if (!value) {
            return ColumnText.integer("0");
        }
        return isKind(mysql, MysqlType.Kind.BIT, false) ? ColumnText.integer("1") : null;
    }

    private static @Nullable ColumnText floating(MysqlType mysql, BigDecimal number) {
        return switch (mysql.kind()) {
            case FLOATING -> ColumnText.number(mysql.text(), number);
            case DECIMAL ->
                number.stripTrailingZeros().precision() <= EXACT_DIGITS
                        ? ColumnText.number(mysql.text(), number)
                        : null;
            default -> null;
        };
    }

    private static @Nullable ColumnText string(@Nullable MysqlType mysql, String text) {
        if (isKind(mysql, MysqlType.Kind.TEXT, true)) {
            return ColumnText.string(text);
        }
        return isKind(mysql, MysqlType.Kind.DECIMAL, false) && mysql != null
                ? new ColumnText(mysql.text(), text)
                : null;
    }

    private static @Nullable ColumnText named(DebeziumType type, JsonNode value) {
        return switch (type.name()) {
            case DECIMAL -> decimal(type, value);
            case "io.debezium.data.Enum", "io.debezium.data.EnumSet" ->
                value.isString() ? ColumnText.string(value.stringValue()) : null;
            case "io.debezium.data.Bits" ->
                value.isString() ? new ColumnText("bit(64)", bits(base64(value)).toString()) : null;
            case "io.debezium.data.Json" -> value.isString() ? new ColumnText("json", value.stringValue()) : null;
            case "io.debezium.time.Year" -> value.isIntegralNumber() ? new ColumnText("year", value.toString()) : null;
            default -> DebeziumTime.of(type, value);
        };
    }

    private static ColumnText decimal(DebeziumType type, JsonNode value) {
        MysqlType mysql = type.mysql();
        String text = isKind(mysql, MysqlType.Kind.DECIMAL, false) && mysql != null
                ? mysql.text()
                : "decimal(65," + type.scale() + ")";
        return ColumnText.number(
                text,
                value.isNumber() ? value.decimalValue() : new BigDecimal(new BigInteger(base64(value)), type.scale()));
    }

    private static BigInteger bits(byte[] lowestFirst) {
        byte[] bytes = lowestFirst.clone();
        for (int i = 0; i < bytes.length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = swapped;
        }
        return new BigInteger(1, bytes);
    }

    private static byte[] base64(JsonNode value) {
        if (!value.isString()) {
            throw new IllegalArgumentException("no text");
        }
        return Base64.getDecoder().decode(value.stringValue());
    }
}
