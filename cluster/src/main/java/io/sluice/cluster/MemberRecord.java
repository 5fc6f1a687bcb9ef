package io.sluice.cluster;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A member as it stands in etcd: the name is the end of the key, the value is a small JSON object with host, port,
 * weight and zone, and the incarnation is the revision that created the key.
 *
 * <p>Thread-safe: no state. Unknown fields are ignored, so that a newer version may add some.
 */
final class MemberRecord {
    /** Longest value that is looked at. */
    static final int MAX_CHARS = 4_096;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MemberRecord() {}

    static String encode(Member member) {
        ObjectNode node = JSON.createObjectNode();
        node.put("host", member.host());
        node.put("port", member.port());
        node.put("weight", member.weight());
        node.put("zone", member.zone());
        return JSON.writeValueAsString(node);
    }

    /** Throws IllegalArgumentException, with the reason, for a record that is none. */
    static Member decode(EtcdStore.StoredMember record) {
        if (record.value().length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "it has " + record.value().length() + " characters; at most " + MAX_CHARS + " are read");
        }
        JsonNode node = parse(record.value());
        if (!node.isObject()
                || !node.path("host").isString()
                || !node.path("port").isInt()) {
            throw new IllegalArgumentException("it is not a JSON object with a \"host\" and a \"port\"");
        }
        return new Member(
                record.name(),
                node.path("host").asString(),
                node.path("port").asInt(),
                record.createRevision(),
                node.path("weight").asInt(1),
                node.path("zone").asString(""));
    }

    private static JsonNode parse(String value) {
        try {
            return JSON.readTree(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON", e);
        }
    }
}
