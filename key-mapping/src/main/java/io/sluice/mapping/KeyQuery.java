package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query of a rule that finds keys in the tables of a source: one key for each row that it returns. Immutable. What
 * runs it must see the change that it is asked for, and is told which columns to read by {@link #columns}.
 *
 * @param query its parameters are columns of the changed row
 * @param key over the columns that the query returns
 * @param clearOnNull whether a NULL in a key removes the group rather than nothing
 */
public record KeyQuery(Source source, LoadQuery query, KeyTemplate key, boolean clearOnNull) {
    public KeyQuery {
        requireNonNull(source, "source is null");
        requireNonNull(query, "query is null");
        requireNonNull(key, "key is null");
    }

    /** The columns of the result that keys are made of. */
    public List<String> columns() {
        return key.columns();
    }

    /**
     * The key of one row of the result: equal to the one that a node checks a loaded row by.
     *
     * @param mysqlTypes of {@link #columns}, as {@link CanonicalText#mysqlType} gives them
     * @param values of the same columns, as the driver gives them; null for NULL
     */
    public Canonical keyOf(List<String> mysqlTypes, List<? extends @Nullable Object> values) {
        List<String> texts = new ArrayList<>();
        Canonical refused = null;
        for (KeyPart part : key.parts()) {
            int at = indexOf(part.column());
            Object value = values.get(at);
            if (value == null) {
                return new Canonical.Null();
            }
            switch (part.ofResult(mysqlTypes.get(at), value)) {
                case Canonical.Text(String text) -> texts.add(text);
                case Canonical.Null none -> {
                    return none;
                }
                case Canonical.Refused found -> refused = found;
            }
        }
        if (refused != null) {
            return refused;
        }
        String text = key.join(texts);
        // An empty key cannot be asked for.
        return text.isEmpty() ? new Canonical.Null() : new Canonical.Text(text);
    }

    private int indexOf(String column) {
        for (int i = 0; i < columns().size(); i++) {
            if (columns().get(i).equalsIgnoreCase(column)) {
                return i;
            }
        }
        throw new IllegalStateException("column " + column + " is not of this key");
    }
}
