package io.sluice.config;

import static java.util.Objects.requireNonNull;

/**
 * A text that must not be printed: a password or a token. Immutable. {@link #toString()} never shows it, so it cannot
 * get into a log with the record that holds it.
 */
public final class Secret {
    /** No password at all. */
    public static final Secret NONE = new Secret("");

    private final String text;

    public Secret(String text) {
        this.text = requireNonNull(text, "text is null");
    }

    /** The text itself, for the one place that hands it to a driver. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && text.equals(secret.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "******";
    }
}
