package io.sluice.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as keys have them: no leading zeros, no exponent, one text a number. Stateless. */
final class CanonicalNumber {
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,65}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,65}(\\.\\d{0,30})?");
    private static final Pattern FLOATING = Pattern.compile("-?\\d{1,400}(\\.\\d{1,400})?([eE][-+]?\\d{1,3})?");
    /** No number of so few digits overflows or has a second text. */
    private static final int PLAIN_DIGITS = 20;

    private CanonicalNumber() {}

    /** The text; null when it is no number of that type. */
    static @Nullable String of(ColumnType type, String text) {
        return switch (type.kind()) {
            case INTEGER -> integer(text);
            case DECIMAL -> DECIMAL.matcher(text).matches() ? decimal(type.scale(), new BigDecimal(text)) : null;
            case FLOAT -> FLOATING.matcher(text).matches() ? floating(Float.parseFloat(text)) : null;
            case DOUBLE -> FLOATING.matcher(text).matches() ? floating(Double.parseDouble(text)) : null;
            default -> null;
        };
    }

    static @Nullable String integer(String text) {
        if (isPlain(text)) {
            return text;
        }
        return INTEGER.matcher(text).matches() ? new BigInteger(text).toString() : null;
    }

    /** What nearly every whole number is: digits, the first of them not 0. */
    private static boolean isPlain(String text) {
        int length = text.length();
        if (length == 0 || length > PLAIN_DIGITS || (text.charAt(0) == '0' && length > 1)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String decimal(int scale, BigDecimal value) {
        BigDecimal least = value.stripTrailingZeros();
        return least.scale() > scale ? null : least.setScale(scale).toPlainString();
    }

    private static @Nullable String floating(float value) {
        return Float.isFinite(value) ? plain(Float.toString(value)) : null;
    }

    private static @Nullable String floating(double value) {
        return Double.isFinite(value) ? plain(Double.toString(value)) : null;
    }

    /** Without exponent and trailing zeros; of 0 and -0 the first. */
    static String plain(String number) {
        return new BigDecimal(number).stripTrailingZeros().toPlainString();
    }
}
