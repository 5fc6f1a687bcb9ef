package io.sluice.config;

import org.jspecify.annotations.Nullable;

/** A configuration that cannot be used; the message says where, what is wrong and what to do, and holds no secret. */
public final class ConfigException extends RuntimeException {
    private final transient @Nullable Place place;

    public ConfigException(String message) {
        super(message);
        this.place = null;
    }

    ConfigException(String file, @Nullable Place place, String path, String problem) {
        super(Place.message(file, place, path, problem));
        this.place = place;
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
        this.place = null;
    }

    /** Where in the file; null when it is not known. */
    public @Nullable Place place() {
        return place;
    }
}
