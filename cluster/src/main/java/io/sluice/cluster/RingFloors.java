package io.sluice.cluster;

import io.sluice.coherence.SourcePosition;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The floors that a sync instance has read for a ring, as they stand in etcd under its lease. Immutable.
 *
 * @param incarnation of the sync instance
 * @param ring id of the ring they were asked for
 * @param floors by source
 */
public record RingFloors(long incarnation, long ring, Map<String, SourcePosition> floors) {
    public RingFloors {
        floors = Map.copyOf(floors);
    }

    String encode() {
        ObjectNode node = TopologyJson.object();
        node.put("incarnation", incarnation);
        node.put("ring", ring);
        node.set("floors", TopologyJson.floors(floors));
        return TopologyJson.text(node);
    }

    /** Throws IllegalArgumentException for a text that is none. */
    static RingFloors decode(String text) {
        JsonNode node = TopologyJson.parse(text);
        if (!node.path("ring").isNumber() || !node.path("floors").isObject()) {
            throw new IllegalArgumentException("it is not a JSON object with a \"ring\" and \"floors\"");
        }
        return new RingFloors(
                node.path("incarnation").asLong(0),
                node.path("ring").asLong(),
                TopologyJson.positions(node.path("floors")));
    }
}
