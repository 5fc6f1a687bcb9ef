package io.sluice.mapping;

import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What CEL sees of a column. Whole numbers are int, DECIMAL, FLOAT and DOUBLE are double, everything else is the text
 * that a key would have; JSON is the document's text. NULL is null, and so is everything of a row that is not there:
 * before an INSERT, after a DELETE. Stateless.
 *
 * <p>What has no exact value in CEL (a number of too many digits) has none at all, so that the condition cannot be
 * decided.
 */
final class CelValue {
    /** So many digits of a decimal are told apart by a double. */
    private static final int EXACT_DIGITS = 15;

    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private CelValue() {}

    /** The value of a column in one image; null when it is not known. */
    static @Nullable Object of(RowImages row, RowImages.Side side, String column) {
        boolean absent = (side == RowImages.Side.BEFORE && row.kind() == RowChange.Kind.INSERT)
                || (side == RowImages.Side.AFTER && row.kind() == RowChange.Kind.DELETE);
        String spelling = absent ? null : row.spelling(column);
        if (spelling == null) {
            return absent ? NullValue.NULL_VALUE : null;
        }
        String value = row.valueOf(side, spelling);
        String type = row.typeOf(spelling);
        if (value == null) {
            return NullValue.NULL_VALUE;
        }
        return type == null ? null : value(ColumnType.parse(type), value);
    }

    private static @Nullable Object value(ColumnType type, String value) {
        if (type.kind() == ColumnType.Kind.JSON) {
            return value;
        }
        // TIMESTAMP in Canal's own zone would do as well: only its order and equality count.
        return CanonicalText.fromCanal(type, value, ZoneOffset.UTC) instanceof Canonical.Text(String text)
                ? typed(type.kind(), text)
                : null;
    }

    private static @Nullable Object typed(ColumnType.Kind kind, String text) {
        return switch (kind) {
            case INTEGER, BIT, YEAR -> {
                BigInteger number = new BigInteger(text);
                yield number.abs().compareTo(LONG_MAX) > 0 ? null : number.longValue();
            }
            case DECIMAL -> {
                BigDecimal number = new BigDecimal(text);
                yield number.precision() > EXACT_DIGITS ? null : number.doubleValue();
            }
            case FLOAT, DOUBLE -> Double.valueOf(text);
            default -> text;
        };
    }
}
