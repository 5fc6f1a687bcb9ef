package io.sluice.mapping;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * {@code date(column, pattern, zone)}. A TIMESTAMP is a moment and is shown as a clock in the zone shows it; DATE and
 * DATETIME are formatted as they stand. Immutable.
 */
record DateFormat(DateTimeFormatter pattern, ZoneId zone) implements KeyFunction {
    private static final int DATE_LENGTH = 10;

    @Override
    public Canonical apply(ColumnType type, String text) {
        try {
            TemporalAccessor time = read(type, text);
            return time == null
                    ? new Canonical.Refused(
                            "date() of type " + type.name() + ": it formats DATE, DATETIME and TIMESTAMP")
                    : new Canonical.Text(pattern.format(time));
        } catch (DateTimeException e) {
            return new Canonical.Refused("date() cannot show the value by its pattern");
        }
    }

    private @Nullable TemporalAccessor read(ColumnType type, String text) {
        return switch (type.kind()) {
            case DATE -> LocalDate.parse(text);
            case DATETIME -> local(text);
            case TIMESTAMP -> local(text).atOffset(ZoneOffset.UTC).atZoneSameInstant(zone);
            default -> null;
        };
    }

    private static LocalDateTime local(String text) {
        return LocalDateTime.parse(text.substring(0, DATE_LENGTH) + "T" + text.substring(DATE_LENGTH + 1));
    }
}
