package io.sluice.cli.sync;

import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code bench sync} measures, in numbers. Immutable.
 *
 * @param rowsPerSecond from records in Kafka to offsets committed, so to Removes acknowledged by both holders of each
 *     key
 * @param addedDelayMillis from a record's acknowledgement by Kafka to its Remove at a node, at a low rate
 * @param commitToRemoveMillis from a commit in MySQL to its Remove at a node, through Canal
 * @param commitToKafkaMillis Canal's share of that: to the record in the hands of a consumer
 */
public record SyncOutcome(
        double rowsPerSecond,
        Percentiles addedDelayMillis,
        Percentiles commitToRemoveMillis,
        Percentiles commitToKafkaMillis) {
    /** One JSON object with exactly these names. */
    public String json() {
        return JsonMapper.builder().build().writeValueAsString(this);
    }
}
