package io.sluice.sync.source;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the images of one row from formats that tell types by value. For one row and one thread. Invariant: a column
 * has a type only if it is sure in every image.
 */
final class RowImage {
    private final Map<String, String> types = new HashMap<>();
    private final Set<String> unsure = new HashSet<>();

    /** Adds a value to one of the images. */
    void add(Map<String, @Nullable String> image, String column, ColumnText value) {
        image.put(column, value.text());
        String type = value.type();
        String before = type == null ? null : types.putIfAbsent(column, type);
        if (type == null || (before != null && !before.equals(type))) {
            unsure.add(column);
        }
    }

    /** The types of what was added. */
    Map<String, String> types() {
        types.keySet().removeAll(unsure);
        return types;
    }
}
