package io.sluice.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a value stands in its file, counted from 1. Immutable. */
public record Place(int line, int column) {

    /** The place of a path, or of the nearest parent that has one. */
    static @Nullable Place nearest(Map<String, Place> places, String path) {
        String at = path;
        while (true) {
            Place place = places.get(at);
            if (place != null || at.isEmpty()) {
                return place;
            }
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
    }

    /** {@code file:line:column: path: problem}, without what is not known. */
    static String message(String file, @Nullable Place place, String path, String problem) {
        String where = place == null ? file : file + ":" + place.line + ":" + place.column;
        return where + ": " + (path.isEmpty() ? "" : path + ": ") + problem;
    }
}
