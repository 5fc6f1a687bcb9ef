package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import io.sluice.config.Secret;

/** A MySQL server that values are loaded from. Immutable; its text never shows the password. */
public record Source(String name, String jdbcUrl, String username, Secret password, Coherence coherence) {
    public Source {
        requireNonNull(name, "name is null");
        requireNonNull(jdbcUrl, "jdbcUrl is null");
        requireNonNull(username, "username is null");
        requireNonNull(password, "password is null");
        requireNonNull(coherence, "coherence is null");
    }
}
