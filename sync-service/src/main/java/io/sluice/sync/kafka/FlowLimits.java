package io.sluice.sync.kafka;

import io.sluice.config.DataSize;
import java.time.Duration;

/**
 * What bounds memory and waiting. Immutable.
 *
 * @param maxRecord larger records are dead letters (default 8MiB)
 * @param inFlightRecords with so many records not done, partitions pause until half are (default 2,000,000): what may
 *     come again after a restart, and what other nodes are told while one does not answer
 * @param inFlightBytes the same for the heap that removals take (default 128MiB)
 * @param waitingBytes the same for what waits to be sent to any one node that answers (default 16MiB): the stream is
 *     slowed down to what nodes take; a node that does not answer slows down nothing
 * @param commitInterval shortest time between two commits (default 100ms)
 * @param drainTimeout how long a revocation or a stop waits for what is in flight (default 3s)
 * @param retry wait after the consumer failed (default 1s)
 */
public record FlowLimits(
        DataSize maxRecord,
        int inFlightRecords,
        DataSize inFlightBytes,
        DataSize waitingBytes,
        Duration commitInterval,
        Duration drainTimeout,
        Duration retry) {
    /** A key cannot be larger than its record, and a call that carries it must fit what nodes accept (16 MiB). */
    private static final DataSize MAX_RECORD = new DataSize(12L << 20);

    /** What holds where nothing else is configured. */
    public static final FlowLimits DEFAULTS = new FlowLimits(
            new DataSize(8L << 20),
            2_000_000,
            new DataSize(128L << 20),
            new DataSize(16L << 20),
            Duration.ofMillis(100),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1));

    public FlowLimits {
        check(
                maxRecord.bytes() >= 1 && maxRecord.bytes() <= MAX_RECORD.bytes(),
                "limits.max-record must be 1B to " + MAX_RECORD + ", not " + maxRecord);
        check(inFlightRecords >= 1, "limits.in-flight-records must be at least 1, not " + inFlightRecords);
        check(inFlightBytes.bytes() >= 1, "limits.in-flight-bytes must be at least 1B");
        check(waitingBytes.bytes() >= 1, "limits.waiting-bytes must be at least 1B");
        check(!commitInterval.isNegative(), "limits.commit-interval must not be negative");
        check(!drainTimeout.isNegative(), "limits.drain-timeout must not be negative");
        check(retry.isPositive(), "limits.retry must be more than 0ms");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
