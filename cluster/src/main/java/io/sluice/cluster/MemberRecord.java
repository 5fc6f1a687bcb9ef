package io.sluice.cluster;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A member as it stands in etcd: the name is the end of the key, the value is a small JSON object with host, port,
 * weight, zone and state, and the incarnation is the revision that created the key.
 *
 * <p>Thread-safe: no state. Unknown fields are ignored, so that a newer version may add some.
 */
final class MemberRecord {
    /** Longest value that is looked at. */
    static final int MAX_CHARS = 4_096;

    private static final String LEAVING = "leaving";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MemberRecord() {}

    static String encode(Member member, boolean leaving) {
        ObjectNode node = JSON.createObjectNode();
        node.put("host", member.host());
        node.put("port", member.port());
        node.put("weight", member.weight());
        node.put("zone", member.zone());
        node.put("state", leaving ? LEAVING : "serving");
        return JSON.writeValueAsString(node);
    }

    /** Whether a record that {@link #decode} reads says that the member is leaving. */
    static boolean isLeaving(EtcdStore.StoredKey stored) {
        return LEAVING.equals(parse(stored.value()).path("state").asString(""));
    }

    /** Throws IllegalArgumentException, with the reason, for a record that is none. */
    static Member decode(EtcdStore.StoredKey stored) {
        if (stored.value().length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "it has " + stored.value().length() + " characters; at most " + MAX_CHARS + " are read");
        }
        JsonNode node = parse(stored.value());
        if (!node.isObject()
                || !node.path("host").isString()
                || !node.path("port").isInt()) {
            throw new IllegalArgumentException("it is not a JSON object with a \"host\" and a \"port\"");
        }
        return new Member(
                stored.key().substring(ClusterKeys.MEMBERS.length()),
                node.path("host").asString(),
                node.path("port").asInt(),
                stored.createRevision(),
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
