package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One value as {@link io.sluice.mapping.RowChange} has it: the text that Canal would print, and the type that gives it
 * a text in keys. Immutable.
 *
 * @param type null where the text in keys cannot be told for sure: who needs it removes the group
 */
record ColumnText(@Nullable String type, String text) {
    /** A decimal point further away than in any MySQL number is not written out. */
    private static final int MAX_SCALE = 400;

    private static final String BIG_INTEGER = "bigint";
    private static final String TEXT = "text";

    static ColumnText unsure(String text) {
        return new ColumnText(null, text);
    }

    static ColumnText integer(String digits) {
        return new ColumnText(BIG_INTEGER, digits);
    }

    static ColumnText string(String text) {
        return new ColumnText(TEXT, text);
    }

    /** Bytes, in the form that Canal has for them. */
    static ColumnText binary(String type, byte[] bytes) {
        return new ColumnText(type, new String(bytes, ISO_8859_1));
    }

    static ColumnText number(String type, BigDecimal number) {
        return Math.abs((long) number.scale()) > MAX_SCALE
                ? unsure(number.toString())
                : new ColumnText(type, number.toPlainString());
    }
}
