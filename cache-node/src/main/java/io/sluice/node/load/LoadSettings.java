package io.sluice.node.load;

import java.time.Duration;

/**
 * Limits of loading.
 *
 * @param connections most connections to one source at a time
 * @param connectTimeout longest wait for a connection, a new one or one of the pool
 * @param timeout longest run of one load query
 * @param valueBytes largest rendered value
 * @param rows most rows of one value with {@code rows: many}
 * @param pollInterval how often a source is asked for its position while loads come
 */
public record LoadSettings(
        int connections, Duration connectTimeout, Duration timeout, int valueBytes, int rows, Duration pollInterval) {}
