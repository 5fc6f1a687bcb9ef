package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import io.sluice.config.Secret;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A MySQL server that values are loaded from. Immutable; its text never shows the password.
 *
 * @param jdbcUrl of the primary
 * @param readUrl where loads go, one server or several, replicas as well; null where they go to the primary
 * @param canalTimeZone of Canal's JVM, in which it prints TIMESTAMP; null when not told
 */
public record Source(
        String name,
        String jdbcUrl,
        String username,
        Secret password,
        Coherence coherence,
        @Nullable String readUrl,
        @Nullable ZoneId canalTimeZone) {
    public Source {
        requireNonNull(name, "name is null");
        requireNonNull(jdbcUrl, "jdbcUrl is null");
        requireNonNull(username, "username is null");
        requireNonNull(password, "password is null");
        requireNonNull(coherence, "coherence is null");
    }

    /**
     * Whether every load reads the one server that is asked for its position as well; a connection that reconnects by
     * itself may lead to another one without anybody's knowing.
     */
    public boolean loadsFromPrimary() {
        int end = jdbcUrl.indexOf('/', jdbcUrl.indexOf("//") + 2);
        String servers = end < 0 ? jdbcUrl : jdbcUrl.substring(0, end);
        return readUrl == null
                && servers.startsWith("jdbc:mysql://")
                && servers.indexOf(',') < 0
                && !jdbcUrl.contains("autoReconnect=true");
    }

    /** Where loads go. */
    public String loadUrl() {
        return readUrl == null ? jdbcUrl : readUrl;
    }

    /** The database that the URL names, which unqualified tables of load queries are in; empty when it names none. */
    public String database() {
        int slash = jdbcUrl.indexOf('/', jdbcUrl.indexOf("//") + 2);
        int end = jdbcUrl.indexOf('?');
        return slash < 0 ? "" : jdbcUrl.substring(slash + 1, end < 0 ? jdbcUrl.length() : end);
    }
}
