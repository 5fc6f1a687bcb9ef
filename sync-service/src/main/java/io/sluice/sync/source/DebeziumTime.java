package io.sluice.sync.source;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Dates and times of Debezium's as Canal would print them. Stateless. Numbers of milliseconds and the like do not say
 * how many digits of a second the column has, so that they need the MySQL type; and what is written in milliseconds has
 * lost the rest of a column of more digits. May throw DateTimeException, IllegalArgumentException or
 * ArithmeticException for a value that its type does not have.
 */
final class DebeziumTime {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final int MAX_YEAR = 9_999;
    private static final int MILLI_DIGITS = 3;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private DebeziumTime() {}

    static @Nullable ColumnText of(DebeziumType type, JsonNode value) {
        return switch (type.name()) {
            case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" ->
                date(LocalDate.ofEpochDay(whole(value)));
            case "io.debezium.time.IsoDate" -> date(LocalDate.parse(withoutZone(value)));
            case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" ->
                hasDigits(type, MILLI_DIGITS)
                        ? datetime(type, ofMicros(Math.multiplyExact(whole(value), 1_000)))
                        : null;
            case "io.debezium.time.MicroTimestamp" -> datetime(type, ofMicros(whole(value)));
            case "io.debezium.time.NanoTimestamp" -> datetime(type, ofMicros(Math.floorDiv(whole(value), 1_000)));
            case "io.debezium.time.IsoTimestamp" -> datetime(type, LocalDateTime.parse(withoutZone(value)));
            case "io.debezium.time.ZonedTimestamp" -> timestamp(type, OffsetDateTime.parse(string(value)));
            case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" ->
                hasDigits(type, MILLI_DIGITS) ? time(type, Math.multiplyExact(whole(value), 1_000)) : null;
            case "io.debezium.time.MicroTime" -> time(type, whole(value));
            case "io.debezium.time.NanoTime" -> time(type, Math.floorDiv(whole(value), 1_000));
            case "io.debezium.time.IsoTime" ->
                isKind(type, MysqlType.Kind.TIME) ? typed(type, withSeconds(withoutZone(value))) : null;
            default -> null;
        };
    }

    private static long whole(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("no whole number of 64 bits");
        }
        return value.longValue();
    }

    private static String string(JsonNode value) {
        if (!value.isString()) {
            throw new IllegalArgumentException("no text");
        }
        return value.stringValue();
    }

    private static String withoutZone(JsonNode value) {
        String text = string(value);
        return text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
    }

    private static String withSeconds(String time) {
        return time.length() == "07:08".length() ? time + ":00" : time;
    }

    private static boolean isKind(DebeziumType type, MysqlType.Kind kind) {
        return type.mysql() != null && type.mysql().kind() == kind;
    }

    private static boolean hasDigits(DebeziumType type, int atMost) {
        return type.mysql() != null && type.mysql().length() <= atMost;
    }

    private static LocalDateTime ofMicros(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
                ZoneOffset.UTC);
    }

    private static @Nullable ColumnText date(LocalDate date) {
        return isInRange(date.getYear()) ? new ColumnText("date", date.format(DATE)) : null;
    }

    private static @Nullable ColumnText datetime(DebeziumType type, LocalDateTime time) {
        boolean sure = isKind(type, MysqlType.Kind.DATETIME) && isInRange(time.getYear());
        return sure ? typed(type, time.format(MICROS)) : null;
    }

    /** The Z says that it is in UTC, and not in the zone of Canal. */
    private static @Nullable ColumnText timestamp(DebeziumType type, OffsetDateTime time) {
        OffsetDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC);
        boolean sure = isKind(type, MysqlType.Kind.TIMESTAMP) && isInRange(utc.getYear());
        return sure ? typed(type, utc.format(MICROS) + "Z") : null;
    }

    private static @Nullable ColumnText time(DebeziumType type, long micros) {
        if (!isKind(type, MysqlType.Kind.TIME)) {
            return null;
        }
        long absolute = Math.abs(micros);
        long seconds = absolute / MICROS_PER_SECOND;
        return typed(
                type,
                String.format(
                        Locale.ROOT,
                        "%s%02d:%02d:%02d.%06d",
                        micros < 0 ? "-" : "",
                        seconds / 3_600,
                        seconds / 60 % 60,
                        seconds % 60,
                        absolute % MICROS_PER_SECOND));
    }

    private static @Nullable ColumnText typed(DebeziumType type, String text) {
        return type.mysql() == null ? null : new ColumnText(type.mysql().text(), text);
    }

    private static boolean isInRange(int year) {
        return year >= 0 && year <= MAX_YEAR;
    }
}
