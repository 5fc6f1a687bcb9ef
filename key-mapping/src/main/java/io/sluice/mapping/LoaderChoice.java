package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Which Java loader loads the values of a group. Immutable; its text never shows the settings, which may hold secrets.
 *
 * @param name by which the loader is found
 * @param settings what it is told
 */
public record LoaderChoice(String name, Map<String, String> settings) {
    public LoaderChoice {
        requireNonNull(name, "name is null");
        settings = Map.copyOf(settings);
    }

    @Override
    public String toString() {
        return "loader " + name;
    }
}
