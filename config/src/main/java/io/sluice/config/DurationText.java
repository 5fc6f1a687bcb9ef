package io.sluice.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations as configuration files write them: {@code 250ms}, {@code 5s}, {@code 10m}, {@code 2h}, {@code 1d}.
 */
public final class DurationText {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|h|d)");

    private DurationText() {}

    /** Reads the text form; throws IllegalArgumentException that says how to write it. */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration: write a whole number and a unit, such as 250ms, 5s, 10m or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
