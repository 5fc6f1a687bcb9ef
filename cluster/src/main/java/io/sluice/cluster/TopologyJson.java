package io.sluice.cluster;

import io.sluice.coherence.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The topology document, and floors, as JSON text. No state. Unknown fields are ignored, so that a newer version may
 * add some.
 */
final class TopologyJson {
    /** Longest text that is looked at; etcd takes values of up to 1.5 MB. */
    private static final int MAX_CHARS = 1_500_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TopologyJson() {}

    static String encode(TopologyDocument document) {
        ObjectNode node = JSON.createObjectNode();
        node.put("lastRingId", document.lastRingId());
        ArrayNode rings = node.putArray("rings");
        for (RingRecord ring : document.rings()) {
            ObjectNode one = rings.addObject();
            one.put("id", ring.id());
            one.put("state", ring.state().name().toLowerCase(Locale.ROOT));
            ArrayNode members = one.putArray("members");
            ring.members().forEach(member -> write(members.addObject(), member));
            one.set("floors", floors(ring.floors()));
            one.put("floorReader", ring.floorReader());
        }
        ArrayNode syncs = node.putArray("syncs");
        document.syncs().forEach(syncs::add);
        return JSON.writeValueAsString(node);
    }

    /** Throws IllegalArgumentException, with the reason, for a text that is no document. */
    static TopologyDocument decode(String text) {
        JsonNode node = parse(text);
        if (!node.isObject() || !node.path("rings").isArray()) {
            throw new IllegalArgumentException("it is not a JSON object with \"rings\"");
        }
        List<RingRecord> rings = new ArrayList<>();
        for (JsonNode one : node.path("rings")) {
            List<Member> members = new ArrayList<>();
            one.path("members").forEach(member -> members.add(member(member)));
            rings.add(new RingRecord(
                    one.path("id").asLong(0),
                    RingState.valueOf(one.path("state").asString("").toUpperCase(Locale.ROOT)),
                    members,
                    positions(one.path("floors")),
                    one.path("floorReader").asString("")));
        }
        List<String> syncs = new ArrayList<>();
        node.path("syncs").forEach(sync -> syncs.add(sync.asString("")));
        return new TopologyDocument(node.path("lastRingId").asLong(0), rings, syncs);
    }

    /** Positions by source as an object of texts. */
    static ObjectNode floors(Map<String, SourcePosition> floors) {
        ObjectNode node = JSON.createObjectNode();
        new TreeMap<>(floors).forEach((source, position) -> node.put(source, position.toString()));
        return node;
    }

    /** The positions in an object of texts; IllegalArgumentException for what is none. */
    static Map<String, SourcePosition> positions(JsonNode node) {
        Map<String, SourcePosition> floors = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            floors.put(entry.getKey(), position(entry.getValue().asString("")));
        }
        return floors;
    }

    static JsonNode parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "it has " + text.length() + " characters; at most " + MAX_CHARS + " are read");
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON", e);
        }
    }

    static String text(ObjectNode node) {
        return JSON.writeValueAsString(node);
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    private static SourcePosition position(String text) {
        SourcePosition position = SourcePosition.parse(text);
        if (position.isUnknown()) {
            throw new IllegalArgumentException("a floor is empty");
        }
        return position;
    }

    private static void write(ObjectNode node, Member member) {
        node.put("name", member.name());
        node.put("incarnation", member.incarnation());
        node.put("host", member.host());
        node.put("port", member.port());
        node.put("weight", member.weight());
        node.put("zone", member.zone());
    }

    private static Member member(JsonNode node) {
        return new Member(
                node.path("name").asString(""),
                node.path("host").asString(""),
                node.path("port").asInt(0),
                node.path("incarnation").asLong(0),
                node.path("weight").asInt(1),
                node.path("zone").asString(""));
    }
}
