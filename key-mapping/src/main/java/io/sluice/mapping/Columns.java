package io.sluice.mapping;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds columns as MySQL does: without regard to case. Stateless. */
final class Columns {
    private Columns() {}

    /** How the row spells the column; null when the row does not have it. */
    static @Nullable String spelling(Map<String, @Nullable String> row, String column) {
        if (row.containsKey(column)) {
            return column;
        }
        for (String name : row.keySet()) {
            if (name.equalsIgnoreCase(column)) {
                return name;
            }
        }
        return null;
    }
}
