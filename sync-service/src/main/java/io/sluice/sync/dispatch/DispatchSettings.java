package io.sluice.sync.dispatch;

import io.sluice.config.DataSize;
import java.time.Duration;

/**
 * How removals are batched and retried. Immutable.
 *
 * @param maxBatch most removals in one call, 1 to 10,000 (default 1,000)
 * @param maxBatchBytes most bytes in one call, about; below gRPC's limit of 4 MiB (default 1MiB)
 * @param linger under load, how long removals wait for a full batch or for the end of the call under way (default 5ms);
 *     a lone removal waits for nothing
 * @param window most calls to one node under way at a time, 1 to 64 (default 4)
 * @param maxBacklog when more than so many bytes wait for one node, they are collapsed: it is told the groups in place
 *     of the keys (default 64MiB, about two million removals)
 * @param rpcTimeout after this a call counts as failed and is repeated (default 5s); longer than a node may have to
 *     wait for copies under lease (its {@code leases.longest}, 2s), else each such wait costs a repetition
 * @param retryInitial wait before the first repetition (default 10ms); it doubles, with jitter
 * @param retryMax longest wait between repetitions (default 1s)
 */
public record DispatchSettings(
        int maxBatch,
        DataSize maxBatchBytes,
        Duration linger,
        int window,
        DataSize maxBacklog,
        Duration rpcTimeout,
        Duration retryInitial,
        Duration retryMax) {
    /** What holds where nothing else is configured. */
    public static final DispatchSettings DEFAULTS = new DispatchSettings(
            1_000,
            new DataSize(1L << 20),
            Duration.ofMillis(5),
            4,
            new DataSize(64L << 20),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofSeconds(1));

    private static final int WIRE_LIMIT = 10_000;
    private static final int WINDOW_LIMIT = 64;
    private static final long BYTES_LIMIT = 3L << 20;

    public DispatchSettings {
        check(maxBatch >= 1 && maxBatch <= WIRE_LIMIT, "dispatch.max-batch must be 1 to 10000, not " + maxBatch);
        check(
                maxBatchBytes.bytes() >= 1 && maxBatchBytes.bytes() <= BYTES_LIMIT,
                "dispatch.max-batch-bytes must be at most 3MiB, not " + maxBatchBytes);
        check(!linger.isNegative(), "dispatch.linger must not be negative");
        check(window >= 1 && window <= WINDOW_LIMIT, "dispatch.window must be 1 to 64, not " + window);
        check(maxBacklog.bytes() >= 1, "dispatch.max-backlog must be at least 1B");
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
