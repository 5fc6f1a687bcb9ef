package io.sluice.config;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a configuration file said, and where it said it. Immutable. */
public final class ConfigDocument<T> {
    private final String name;
    private final T value;
    private final Map<String, Place> places;

    ConfigDocument(String name, T value, Map<String, Place> places) {
        this.name = requireNonNull(name, "name is null");
        this.value = requireNonNull(value, "value is null");
        this.places = Map.copyOf(places);
    }

    public T value() {
        return value;
    }

    /**
     * An error about the value at a path such as {@code groups.student.key} or {@code invalidate[0].keys[1].group};
     * when nothing stands at the path, the place of its nearest parent is named.
     */
    public ConfigException error(String path, String problem) {
        return new ConfigException(name, place(path), path, problem);
    }

    /** Where the value at a path stands, or its nearest parent; null when there is neither. */
    public @Nullable Place place(String path) {
        return Place.nearest(places, path);
    }
}
