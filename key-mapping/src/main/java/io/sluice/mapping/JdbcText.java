package io.sluice.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What Canal would print for an object that the driver returned. Stateless. */
final class JdbcText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd");
    private static final DateTimeFormatter DATETIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS");

    private JdbcText() {}

    /** The text; null when such an object is not a value of that kind of column. */
    static @Nullable String of(ColumnType.Kind kind, Object value) {
        if (value instanceof String text) {
            return text;
        }
        return switch (kind) {
            case INTEGER -> value instanceof Boolean truth ? (truth ? "1" : "0") : number(value);
            case BIT -> value instanceof Boolean truth ? (truth ? "1" : "0") : number(value);
            case DECIMAL -> number(value);
            case FLOAT, DOUBLE -> value instanceof Float || value instanceof Double ? value.toString() : number(value);
            case DATE -> date(value);
            case DATETIME -> datetime(value);
            case TIMESTAMP ->
                value instanceof Timestamp time
                        ? LocalDateTime.ofInstant(time.toInstant(), ZoneOffset.UTC)
                                .format(DATETIME)
                        : null;
            case TIME -> time(value);
            case YEAR -> value instanceof Number ? number(value) : year(date(value));
            case TEXT, BINARY, ENUM, SET, JSON, UNSAFE -> null;
        };
    }

    private static @Nullable String number(Object value) {
        return switch (value) {
            case Byte number -> number.toString();
            case Short number -> number.toString();
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            case BigDecimal number -> number.toPlainString();
            default -> null;
        };
    }

    private static @Nullable String date(Object value) {
        return switch (value) {
            case LocalDate date -> date.format(DATE);
            case Date date -> date.toLocalDate().format(DATE);
            default -> null;
        };
    }

    private static @Nullable String year(@Nullable String date) {
        return date == null ? null : date.substring(0, 4);
    }

    private static @Nullable String datetime(Object value) {
        return switch (value) {
            case LocalDateTime time -> time.format(DATETIME);
            case Timestamp time -> time.toLocalDateTime().format(DATETIME);
            default -> null;
        };
    }

    private static @Nullable String time(Object value) {
        return switch (value) {
            case LocalTime time -> time.format(TIME);
            case Time time -> time.toLocalTime().format(TIME);
            default -> null;
        };
    }
}
