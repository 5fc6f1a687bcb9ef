package io.sluice.bench.traces;

/** The hits of one replay. */
public record TraceResult(String trace, String policy, int size, long requests, long hits) {
    double hitPercent() {
        return requests == 0 ? 0 : 100.0 * hits / requests;
    }
}
