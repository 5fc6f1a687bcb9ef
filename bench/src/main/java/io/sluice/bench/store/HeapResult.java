package io.sluice.bench.store;

import org.jspecify.annotations.Nullable;

/**
 * The memory of one contestant, per entry.
 *
 * @param payloadBytes bytes of key and value
 * @param overheadBytes used heap over the payload, after full collections
 * @param graphBytes the sizes of all objects that grow with the entries, summed up by JOL, over the payload; null when
 *     not asked for
 */
public record HeapResult(
        String contestant,
        boolean compactHeaders,
        int entries,
        int payloadBytes,
        double overheadBytes,
        @Nullable Double graphBytes) {}
