package io.sluice.node;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNullElse;

import io.sluice.node.load.LoadSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code loads} of a node's configuration: how the source is read. Immutable.
 *
 * @param connections most connections to one source; default 10
 * @param connectTimeout longest wait for a connection; default 1s, less than the client waits, so that it is told the
 *     reason
 * @param timeout longest run of a load query; default 3s
 * @param rows most rows of one value with {@code rows: many}; default 10000
 * @param jars directory of jars with Java loaders, relative to the configuration file; default none
 * @param pollInterval how often a source is asked for its position while loads come, 5ms to 1s; ten times more seldom
 *     while none do; default 20ms
 */
public record LoadsSection(
        @Nullable Integer connections,
        @Nullable Duration connectTimeout,
        @Nullable Duration timeout,
        @Nullable Integer rows,
        @Nullable String jars,
        @Nullable Duration pollInterval) {
    static final LoadsSection DEFAULTS = new LoadsSection(null, null, null, null, null, null);

    /** @param valueBytes the largest value that is loaded */
    LoadSettings settings(int valueBytes) {
        return new LoadSettings(
                within("loads.connections", requireNonNullElse(connections, 10), 1, 1_000),
                within("loads.connect-timeout", requireNonNullElse(connectTimeout, Duration.ofSeconds(1))),
                within("loads.timeout", requireNonNullElse(timeout, Duration.ofSeconds(3))),
                valueBytes,
                within("loads.rows", requireNonNullElse(rows, 10_000), 1, 1_000_000),
                within(
                        "loads.poll-interval",
                        requireNonNullElse(pollInterval, Duration.ofMillis(20)),
                        Duration.ofMillis(5),
                        Duration.ofSeconds(1)));
    }

    /** The same with the path that {@code file}, which it was read from, gives relative to itself. */
    LoadsSection resolvedFrom(Path file) {
        return jars == null
                ? this
                : new LoadsSection(
                        connections,
                        connectTimeout,
                        timeout,
                        rows,
                        file.resolveSibling(jars).toString(),
                        pollInterval);
    }
}
