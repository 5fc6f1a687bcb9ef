package io.sluice.bench.cluster;

import tools.jackson.databind.json.JsonMapper;

/**
 * What the faults did, in numbers. Immutable.
 *
 * @param joinLoadsPerRequest a node joins: loads in the next 10 s, by MySQL's own count, for each read
 * @param killFailedAfter500Millis a node is killed: reads that failed later than half a second after that
 * @param killHitRecoverySeconds until the hit ratio stays above 95 % of what it was
 * @param killQueryRateRatio the most loads in a second, over those of an average second before
 * @param rollingFailed all nodes are restarted one after the other: reads that failed
 */
public record ClusterOutcome(
        double joinLoadsPerRequest,
        int killFailedAfter500Millis,
        double killHitRecoverySeconds,
        double killQueryRateRatio,
        int rollingFailed) {
    /** One JSON object with exactly these names. */
    public String json() {
        return JsonMapper.builder().build().writeValueAsString(this);
    }
}
