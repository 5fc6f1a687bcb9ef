package io.sluice.node.grpc;

import java.time.Duration;

/**
 * What a request may ask for.
 *
 * @param keyBytes longest key in bytes of UTF-8
 * @param valueBytes largest value of a put
 * @param keysPerBatch most keys of one batch read or removal
 * @param removalsPerBatch most removals of one batch from the sync service
 * @param pendingReads most reads that wait for a load or a peer at a time
 * @param responseBytes most bytes of values in one batch answer
 * @param deadline how long a read may take whose caller set no deadline
 */
public record RequestLimits(
        int keyBytes,
        int valueBytes,
        int keysPerBatch,
        int removalsPerBatch,
        int pendingReads,
        int responseBytes,
        Duration deadline) {}
