package io.sluice.bench.mapping;

/**
 * The speed of one way to read messages.
 *
 * @param reading its name
 * @param rows in each message
 * @param messageBytes of a message, on average
 * @param messagesPerSecond the median of the rounds, on one core
 * @param rowsPerSecond the same in rows
 * @param lowest rows a second of the slowest round
 * @param highest rows a second of the fastest round
 * @param bytesPerRow heap that is allocated for a row
 */
public record MappingResult(
        String reading,
        int rows,
        long messageBytes,
        double messagesPerSecond,
        double rowsPerSecond,
        double lowest,
        double highest,
        double bytesPerRow) {}
