package io.sluice.cli.operate;

import io.sluice.config.DurationText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads a time that has passed, as operators write it. Stateless. */
final class TimeText {
    private TimeText() {}

    /** A time with its offset from UTC, or how long ago it was; IllegalArgumentException says how to write it. */
    static Instant parse(String text, Instant now) {
        Instant time = read(text, now);
        if (time.isAfter(now)) {
            throw new IllegalArgumentException("'" + text + "' is in the future: it is " + now + " now");
        }
        return time;
    }

    private static Instant read(String text, Instant now) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return ago(text, now);
        }
    }

    private static Instant ago(String text, Instant now) {
        try {
            return now.minus(DurationText.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is no time: write it with its offset, such as 2026-03-01T12:00:00Z, or how long ago it"
                            + " was, such as 90s, 30m or 2h",
                    e);
        }
    }
}
