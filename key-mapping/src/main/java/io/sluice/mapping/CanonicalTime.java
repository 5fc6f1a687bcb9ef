package io.sluice.mapping;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times as keys have them: with as many digits as declared. Stateless. */
final class CanonicalTime {
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern DATETIME =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2})(?:\\.(\\d{1,9}))?");
    private static final Pattern TIME = Pattern.compile("(-?\\d{2,3}:\\d{2}:\\d{2})(?:\\.(\\d{1,9}))?");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private CanonicalTime() {}

    static Canonical date(ColumnType type, String text) {
        return DATE.matcher(text).matches() ? new Canonical.Text(text) : CanonicalText.unlike(type);
    }

    static Canonical datetime(ColumnType type, String text) {
        return fraction(type, DATETIME.matcher(text));
    }

    static Canonical time(ColumnType type, String text) {
        return fraction(type, TIME.matcher(text));
    }

    /** What a clock in {@code zone} shows, in UTC; refused for the hour that comes twice when summer time ends. */
    static Canonical timestamp(ColumnType type, String text, ZoneId zone) {
        Matcher parts = DATETIME.matcher(text);
        if (!parts.matches()) {
            return CanonicalText.unlike(type);
        }
        try {
            LocalDateTime local = LocalDateTime.parse(parts.group(1), SECONDS);
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            if (offsets.size() != 1) {
                return new Canonical.Refused("the timestamp is in an hour that the zone has twice or not at all;"
                        + " run Canal with -Duser.timezone=UTC");
            }
            String utc =
                    local.minusSeconds(offsets.getFirst().getTotalSeconds()).format(SECONDS);
            String digits = parts.group(2);
            return datetime(type, digits == null ? utc : utc + "." + digits);
        } catch (DateTimeException e) {
            return CanonicalText.unlike(type);
        }
    }

    private static Canonical fraction(ColumnType type, Matcher parts) {
        if (!parts.matches()) {
            return CanonicalText.unlike(type);
        }
        String digits = (parts.group(2) == null ? "" : parts.group(2)) + "0".repeat(6);
        if (digits.chars().skip(type.scale()).anyMatch(c -> c != '0')) {
            return CanonicalText.unlike(type);
        }
        return new Canonical.Text(parts.group(1)
                + (type.scale() == 0 ? "" : "." + digits.substring(0, Math.min(6, type.scale()))));
    }
}
