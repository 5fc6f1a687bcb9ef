package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One column in a key, and what is done to it. Immutable.
 *
 * @param functions from the inside out; none for most
 */
record KeyPart(String column, List<KeyFunction> functions) {
    private static final ColumnType TEXT = ColumnType.parse("text");

    KeyPart {
        requireNonNull(column, "column is null");
        functions = List.copyOf(functions);
    }

    boolean isPlain() {
        return functions.isEmpty();
    }

    /** The part of the key that a value as Canal prints it gives. */
    Canonical of(String mysqlType, String value, @Nullable ZoneId canalZone) {
        ColumnType type = ColumnType.parse(mysqlType);
        return applied(
                type,
                readsDocument(type) ? new Canonical.Text(value) : CanonicalText.fromCanal(type, value, canalZone));
    }

    /** The same from a value as the driver gives it. */
    Canonical ofResult(String mysqlType, Object value) {
        ColumnType type = ColumnType.parse(mysqlType);
        return applied(
                type,
                readsDocument(type) && value instanceof String text
                        ? new Canonical.Text(text)
                        : CanonicalText.fromJdbc(mysqlType, value));
    }

    private boolean readsDocument(ColumnType type) {
        return type.kind() == ColumnType.Kind.JSON && !functions.isEmpty() && functions.getFirst() instanceof JsonPath;
    }

    private Canonical applied(ColumnType type, Canonical whole) {
        Canonical part = whole;
        ColumnType of = type;
        for (KeyFunction function : functions) {
            if (!(part instanceof Canonical.Text(String text))) {
                return part;
            }
            part = function.apply(of, text);
            of = TEXT;
        }
        return part;
    }

    /** The same part of another column. */
    KeyPart renamed(String other) {
        return new KeyPart(other, functions);
    }
}
