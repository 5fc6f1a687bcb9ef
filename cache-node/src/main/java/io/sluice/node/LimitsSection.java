package io.sluice.node;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNullElse;

import io.sluice.config.DataSize;
import io.sluice.node.grpc.RequestLimits;
import io.sluice.store.StoreKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code limits} of a node's configuration: what requests may ask for. Immutable.
 *
 * @param key longest key in bytes of UTF-8, at most 16383, which is what a store can keep; default 8KiB
 * @param value largest value; default 2MiB
 * @param response most bytes of one batch answer; default 4032KiB, which a client with gRPC's usual limit can receive
 * @param keysPerBatch most keys of one batch; default 1000
 * @param removalsPerBatch most removals of one batch from the sync service; default 10000
 * @param pendingReads most requests that wait for a load or a peer at a time; default 10000
 * @param deadline how long a read may take whose caller set no deadline; default 5s
 */
public record LimitsSection(
        @Nullable DataSize key,
        @Nullable DataSize value,
        @Nullable DataSize response,
        @Nullable Integer keysPerBatch,
        @Nullable Integer removalsPerBatch,
        @Nullable Integer pendingReads,
        @Nullable Duration deadline) {
    static final LimitsSection DEFAULTS = new LimitsSection(null, null, null, null, null, null, null);

    int valueBytes() {
        return within("limits.value", value, 2 << 20, 8 << 20);
    }

    RequestLimits settings() {
        int mostKeys = within("limits.keys-per-batch", requireNonNullElse(keysPerBatch, 1_000), 1, 10_000);
        return new RequestLimits(
                within("limits.key", key, 8 << 10, StoreKey.MAX_BYTES),
                valueBytes(),
                mostKeys,
                // An application's batch of removals goes to the holders as one.
                within("limits.removals-per-batch", requireNonNullElse(removalsPerBatch, 10_000), mostKeys, 100_000),
                within("limits.pending-reads", requireNonNullElse(pendingReads, 10_000), 1, 1_000_000),
                within("limits.response", response, 4032 << 10, 15 << 20),
                within("limits.deadline", requireNonNullElse(deadline, Duration.ofSeconds(5))));
    }
}
