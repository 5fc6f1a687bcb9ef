package io.sluice.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 512B}, {@code 8KiB}, {@code 64MiB} or {@code 2GiB}. Immutable, never negative. */
public record DataSize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s?(B|KiB|MiB|GiB)");
    private static final Map<String, Integer> SHIFT = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    /** Reads the text form; throws IllegalArgumentException that says how to write it. */
    public static DataSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size: write a whole number and a unit, such as 8KiB or 64MiB");
        }
        long number = Long.parseLong(matcher.group(1));
        int shift = SHIFT.getOrDefault(matcher.group(2), 0);
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' is larger than a size can be");
        }
        return new DataSize(number << shift);
    }

    /** The text form in the largest unit that divides it. */
    @Override
    public String toString() {
        if (bytes == 0) {
            return "0B";
        }
        int zeros = Long.numberOfTrailingZeros(bytes);
        if (zeros >= 30) {
            return (bytes >> 30) + "GiB";
        }
        if (zeros >= 20) {
            return (bytes >> 20) + "MiB";
        }
        return zeros >= 10 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
