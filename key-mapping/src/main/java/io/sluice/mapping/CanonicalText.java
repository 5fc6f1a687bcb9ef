package io.sluice.mapping;

/**
 * The one place where column values become the text that keys are made of: equal for the same row, whether the value
 * came through Canal or through JDBC. Stateless.
 */
public final class CanonicalText {
    private CanonicalText() {}

    /** From what Canal printed, with the column's MySQL type such as {@code decimal(10,2)}. */
    public static Canonical fromCanal(String mysqlType, String text) {
        return new Canonical.Refused("not yet");
    }

    /** From what the driver returned, with the column's MySQL type such as {@code decimal(10,2)}. */
    public static Canonical fromJdbc(String mysqlType, Object value) {
        return new Canonical.Refused("not yet");
    }
}
