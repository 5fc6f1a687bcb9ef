package io.sluice.mapping;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a key is written from the columns of a row, such as {@code {class_id}:{name}}. Immutable. */
public final class KeyTemplate {
    private final String text;

    private KeyTemplate(String text) {
        this.text = text;
    }

    /** Reads the text form; throws IllegalArgumentException that says what is wrong with it. */
    public static KeyTemplate parseTemplate(String text) {
        return new KeyTemplate(text);
    }

    /** The columns in the order of the template, each once. */
    public List<String> columns() {
        return List.of();
    }

    /** The key of a row; empty when a column is absent or null, or the key would be empty. */
    public Optional<String> render(Map<String, @Nullable String> canonicalValues) {
        return Optional.empty();
    }

    /** The column values of a key; empty when the key does not fit, or fits in more than one way. */
    public Optional<Map<String, String>> parse(String key) {
        return Optional.empty();
    }

    /** Whether a row's key is this key; empty when the row does not carry all the columns. */
    public Optional<Boolean> matches(String key, Map<String, @Nullable String> canonicalValues) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
