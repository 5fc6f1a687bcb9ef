package io.sluice.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.config.NearestName;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The functions of key templates, by name. Stateless. Where MySQL has a function of the same name, the result is the
 * same, so that an application can build a key in SQL.
 */
final class KeyFunctions {
    static final List<String> NAMES =
            List.of("base64", "date", "enum", "hash", "json", "lower", "mod", "substring", "trim", "upper");
    private static final Canonical NOT_WHOLE = new Canonical.Refused("mod() of what is no whole number");

    private KeyFunctions() {}

    /** The function with its arguments after the first; throws IllegalArgumentException that says how to write it. */
    static KeyFunction of(String name, List<Object> arguments) {
        return switch (name) {
            case "lower" -> simple(arguments, "lower(column)", text -> text.toLowerCase(Locale.ROOT));
            case "upper" -> simple(arguments, "upper(column)", text -> text.toUpperCase(Locale.ROOT));
            case "trim" -> simple(arguments, "trim(column)", KeyFunctions::trim);
            case "hash" -> simple(arguments, "hash(column)", KeyFunctions::crc32);
            case "base64" -> base64(arguments);
            case "substring" -> substring(arguments);
            case "mod" -> mod(arguments);
            case "date" -> date(arguments);
            case "json" -> JsonPath.parse(only(arguments, String.class, "json(column, '$.path')"));
            case "enum" -> label(arguments);
            default ->
                throw new IllegalArgumentException("there is no function '" + name + "'; "
                        + NearestName.of(name, NAMES)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("there are " + String.join(", ", NAMES)));
        };
    }

    private interface TextStep {
        String apply(String text);
    }

    private static KeyFunction simple(List<Object> arguments, String usage, TextStep step) {
        check(arguments.isEmpty(), usage);
        return (type, text) -> new Canonical.Text(step.apply(text));
    }

    private static KeyFunction base64(List<Object> arguments) {
        check(arguments.isEmpty(), "base64(column)");
        return (type, text) -> new Canonical.Text(Base64.getEncoder()
                .encodeToString(
                        type.kind() == ColumnType.Kind.BINARY ? HexFormat.of().parseHex(text) : text.getBytes(UTF_8)));
    }

    private static KeyFunction substring(List<Object> arguments) {
        String usage = "substring(column, from) or substring(column, from, length), counted from 1";
        check(arguments.size() == 1 || arguments.size() == 2, usage);
        int from = small(arguments.getFirst(), 1, usage);
        int length = arguments.size() == 1 ? Integer.MAX_VALUE : small(arguments.get(1), 0, usage);
        return (type, text) -> {
            int[] points = text.codePoints().skip(from - 1L).limit(length).toArray();
            return new Canonical.Text(new String(points, 0, points.length));
        };
    }

    private static KeyFunction mod(List<Object> arguments) {
        BigInteger divisor =
                BigInteger.valueOf(small(only(arguments, Integer.class, "mod(column, 16)"), 1, "mod(column, 16)"));
        return (type, text) -> {
            String number = CanonicalNumber.integer(text);
            return number == null
                    ? NOT_WHOLE
                    : new Canonical.Text(
                            new BigInteger(number).remainder(divisor).toString());
        };
    }

    private static KeyFunction date(List<Object> arguments) {
        String usage = "date(column, 'yyyy-MM-dd') or date(column, 'yyyy-MM-dd', 'Europe/Berlin')";
        check(arguments.size() == 1 || arguments.size() == 2, usage);
        check(arguments.stream().allMatch(String.class::isInstance), usage);
        try {
            DateTimeFormatter pattern = DateTimeFormatter.ofPattern((String) arguments.getFirst(), Locale.ROOT);
            ZoneId zone = ZoneId.of(arguments.size() == 1 ? "UTC" : (String) arguments.get(1));
            return new DateFormat(pattern, zone);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("write " + usage + ": " + e.getMessage(), e);
        }
    }

    /** An index from 1 to its label, as ENUM has it; what is a label already stays. */
    private static KeyFunction label(List<Object> arguments) {
        String usage = "enum(column, 'first', 'second')";
        check(!arguments.isEmpty() && arguments.stream().allMatch(String.class::isInstance), usage);
        List<String> labels = arguments.stream().map(String.class::cast).toList();
        return (type, text) -> {
            if (labels.contains(text)) {
                return new Canonical.Text(text);
            }
            String number = CanonicalNumber.integer(text);
            int index = number != null && number.length() <= 5 ? Integer.parseInt(number) : 0;
            return index >= 1 && index <= labels.size()
                    ? new Canonical.Text(labels.get(index - 1))
                    : new Canonical.Refused("enum() has no label for the value: list all labels");
        };
    }

    /** Spaces only, as MySQL's TRIM. */
    private static String trim(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && text.charAt(from) == ' ') {
            from++;
        }
        while (end > from && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(from, end);
    }

    private static String crc32(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(UTF_8));
        return Long.toString(sum.getValue());
    }

    private static <T> T only(List<Object> arguments, Class<T> type, String usage) {
        check(arguments.size() == 1 && type.isInstance(arguments.getFirst()), usage);
        return type.cast(arguments.getFirst());
    }

    private static int small(Object argument, int least, String usage) {
        check(argument instanceof Integer number && number >= least, usage);
        return (Integer) argument;
    }

    private static void check(boolean right, String usage) {
        if (!right) {
            throw new IllegalArgumentException("write " + usage);
        }
    }
}
