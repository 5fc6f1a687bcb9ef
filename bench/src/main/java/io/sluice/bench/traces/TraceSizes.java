package io.sluice.bench.traces;

import java.util.Map;
import java.util.stream.IntStream;

/** The cache sizes a trace is replayed with: those of the published tables, or shares of its keys. */
final class TraceSizes {
    private static final Map<String, int[]> PUBLISHED = Map.of(
            "OLTP.gz", new int[] {1_000, 2_000, 5_000, 10_000, 15_000},
            "loop.trace.gz", new int[] {100, 256, 500, 750, 1_000, 1_011},
            "sprite.trace.gz", new int[] {100, 200, 400, 600, 800, 1_000},
            "gli.trace.gz", new int[] {250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000},
            "cs.trace.gz", new int[] {100, 250, 500, 750, 1_000, 1_250},
            "ps.trace.gz", new int[] {250, 500, 1_000, 1_500, 2_000, 2_500},
            "multi1.trace.gz", new int[] {200, 400, 600, 800, 1_000, 1_400, 1_800},
            "multi3.trace.gz", new int[] {500, 1_000, 1_500, 2_000, 2_500, 3_000});
    private static final int[] PERCENT_OF_KEYS = {1, 2, 5, 10, 20, 50};

    private TraceSizes() {}

    static int[] of(Trace trace) {
        int[] published = PUBLISHED.get(trace.name());
        if (published != null) {
            return published.clone();
        }
        return IntStream.of(PERCENT_OF_KEYS)
                .map(percent -> (int) Math.max(1, (long) trace.keys() * percent / 100))
                .distinct()
                .toArray();
    }
}
