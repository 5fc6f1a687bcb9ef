package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a participant has confirmed, as it stands in etcd under the participant's own lease, so that it ends with its
 * incarnation.
 *
 * <p>A sync instance lists every ring of the document that it has adopted: from then on nothing is done there unless
 * the holders of these rings have acknowledged. A node lists the closing rings: it holds nothing under them alone.
 *
 * <p>Immutable.
 *
 * @param incarnation of the participant
 * @param revision of the document that it had adopted
 * @param rings ids
 */
public record Confirmation(long incarnation, long revision, Set<Long> rings) {
    public Confirmation {
        rings = Set.copyOf(requireNonNull(rings, "rings is null"));
    }

    String encode() {
        ObjectNode node = TopologyJson.object();
        node.put("incarnation", incarnation);
        node.put("revision", revision);
        ArrayNode ids = node.putArray("rings");
        rings.stream().sorted().forEach(ids::add);
        return TopologyJson.text(node);
    }

    /** Throws IllegalArgumentException for a text that is none. */
    static Confirmation decode(String text) {
        JsonNode node = TopologyJson.parse(text);
        if (!node.path("incarnation").isNumber() || !node.path("rings").isArray()) {
            throw new IllegalArgumentException("it is not a JSON object with an \"incarnation\" and \"rings\"");
        }
        Set<Long> rings = new LinkedHashSet<>();
        node.path("rings").forEach(id -> rings.add(id.asLong(0)));
        return new Confirmation(
                node.path("incarnation").asLong(), node.path("revision").asLong(0), rings);
    }
}
