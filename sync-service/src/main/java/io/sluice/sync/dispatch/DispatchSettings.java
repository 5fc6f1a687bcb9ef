package io.sluice.sync.dispatch;

import io.sluice.config.DataSize;
import java.time.Duration;

/**
 * How removals are batched and retried. Immutable.
 *
 * @param maxBatch most removals in one call, 1 to 10,000 (default 1,000)
 * @param maxBatchBytes most bytes in one call, about; below gRPC's limit of 4 MiB (default 1MiB)
 * @param linger how long a call waits for more removals (default 0ms: a batch is what came in while the last call ran)
 * @param rpcTimeout after this a call counts as failed and is repeated (default 2s)
 * @param retryInitial wait before the first repetition (default 10ms); it doubles, with jitter
 * @param retryMax longest wait between repetitions (default 1s)
 */
public record DispatchSettings(
        int maxBatch,
        DataSize maxBatchBytes,
        Duration linger,
        Duration rpcTimeout,
        Duration retryInitial,
        Duration retryMax) {
    /** What holds where nothing else is configured. */
    public static final DispatchSettings DEFAULTS = new DispatchSettings(
            1_000,
            new DataSize(1L << 20),
            Duration.ZERO,
            Duration.ofSeconds(2),
            Duration.ofMillis(10),
            Duration.ofSeconds(1));

    private static final int WIRE_LIMIT = 10_000;
    private static final long BYTES_LIMIT = 3L << 20;

    public DispatchSettings {
        check(maxBatch >= 1 && maxBatch <= WIRE_LIMIT, "dispatch.max-batch must be 1 to 10000, not " + maxBatch);
        check(
                maxBatchBytes.bytes() >= 1 && maxBatchBytes.bytes() <= BYTES_LIMIT,
                "dispatch.max-batch-bytes must be at most 3MiB, not " + maxBatchBytes);
        check(!linger.isNegative(), "dispatch.linger must not be negative");
        check(rpcTimeout.isPositive(), "dispatch.rpc-timeout must be more than 0ms");
        check(
                retryInitial.isPositive() && retryMax.compareTo(retryInitial) >= 0,
                "dispatch.retry-initial must be more than 0ms and at most dispatch.retry-max");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
