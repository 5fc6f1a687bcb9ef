package io.sluice.sync.source;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One value of Maxwell's as Canal would print it. Stateless.
 *
 * <p>Without a declared type a value must speak for itself. A whole number does: integers, YEAR and DECIMAL without
 * scale have that text in keys too. A string does unless it could be the base64 of a binary column, or a TIME, which
 * Maxwell cuts to one day. Everything else (numbers with a fraction, lists) has no sure text.
 */
final class MaxwellValue {
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");
    private static final Pattern TIME = Pattern.compile("-?\\d{2,3}:\\d{2}:\\d{2}(\\.\\d+)?");
    /** Maxwell adds up more bits in 32-bit numbers. */
    private static final int MAX_BITS = 31;

    private MaxwellValue() {}

    static ColumnText of(@Nullable MysqlType declared, JsonNode value) {
        ColumnText text;
        try {
            text = declared == null ? undeclared(value) : declared(declared, value);
        } catch (IllegalArgumentException e) {
            text = null;
        }
        return text == null ? ColumnText.unsure(value.isString() ? value.stringValue() : value.toString()) : text;
    }

    private static @Nullable ColumnText undeclared(JsonNode value) {
        if (value.isIntegralNumber()) {
            return ColumnText.integer(value.bigIntegerValue().toString());
        }
        if (value.isString()) {
            String text = value.stringValue();
            boolean doubtful = !text.isEmpty()
                    && (BASE64.matcher(text).matches() || TIME.matcher(text).matches());
            return doubtful ? null : ColumnText.string(text);
        }
        return value.isObject() ? new ColumnText("json", value.toString()) : null;
    }

    private static @Nullable ColumnText declared(MysqlType type, JsonNode value) {
        return switch (type.kind()) {
            case INTEGER, YEAR -> value.isIntegralNumber() ? new ColumnText(type.text(), value.toString()) : null;
            case DECIMAL, FLOATING -> value.isNumber() ? ColumnText.number(type.text(), value.decimalValue()) : null;
            case BIT ->
                value.isIntegralNumber() && type.length() <= MAX_BITS
                        ? new ColumnText(type.text(), value.toString())
                        : null;
            case TEXT -> value.isString() ? ColumnText.string(value.stringValue()) : null;
            case LABELS -> labels(value);
            case BINARY ->
                value.isString()
                        ? ColumnText.binary(type.text(), Base64.getDecoder().decode(value.stringValue()))
                        : null;
            case DATE, DATETIME -> value.isString() ? new ColumnText(type.text(), value.stringValue()) : null;
            // Always in UTC; the Z keeps it from being read in Canal's zone.
            case TIMESTAMP -> value.isString() ? new ColumnText(type.text(), value.stringValue() + "Z") : null;
            case JSON -> new ColumnText("json", value.toString());
            case TIME, OTHER -> null;
        };
    }

    /** A label, or the list of a SET in the order of its declaration. */
    private static @Nullable ColumnText labels(JsonNode value) {
        if (value.isString()) {
            return ColumnText.string(value.stringValue());
        }
        if (!value.isArray()) {
            return null;
        }
        List<String> labels = new ArrayList<>();
        for (JsonNode label : value) {
            labels.add(label.asString(""));
        }
        return ColumnText.string(String.join(",", labels));
    }
}
