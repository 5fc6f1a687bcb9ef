package io.sluice.cli;

import io.sluice.cluster.ClusterView;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.TopologyDocument;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A cluster's rings and confirmations, written for a person or a program. No state. */
final class RingReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RingReport() {}

    /** Whether one ring is left and active. */
    static boolean isSettled(ClusterView view) {
        List<RingRecord> rings = rings(view);
        return rings.size() == 1 && rings.getFirst().state() == RingState.ACTIVE;
    }

    static String text(ClusterView view) {
        StringBuilder out = new StringBuilder();
        line(
                out,
                "topology revision %d, coordinator %s".formatted(view.documentRevision(), orNone(view.coordinator())));
        for (RingRecord ring : rings(view)) {
            line(out, "ring %d %s".formatted(ring.id(), state(ring)));
            for (Member member : ring.members()) {
                line(
                        out,
                        "  node %s@%d %s%s"
                                .formatted(
                                        member.name(),
                                        member.incarnation(),
                                        member.address(),
                                        note(view, ring, member)));
            }
            if (ring.state() == RingState.ANNOUNCED) {
                new TreeSet<>(view.syncs().keySet())
                        .forEach(sync -> line(
                                out,
                                "  sync %s has %s"
                                        .formatted(
                                                sync,
                                                view.syncConfirmed(sync, ring.id())
                                                        ? "confirmed"
                                                        : "not confirmed yet")));
                if (!ring.floorReader().isEmpty()) {
                    line(out, "  floors are being read by %s".formatted(ring.floorReader()));
                }
            }
            new TreeMap<>(ring.floors())
                    .forEach((source, floor) -> line(out, "  floor %s %s".formatted(source, floor)));
        }
        if (rings(view).isEmpty()) {
            line(out, "no ring yet: the nodes write one when they have registered");
        }
        line(
                out,
                "registered nodes: %s"
                        .formatted(orNone(
                                String.join(" ", new TreeSet<>(view.members().keySet())))));
        line(
                out,
                "registered sync instances: %s"
                        .formatted(orNone(
                                String.join(" ", new TreeSet<>(view.syncs().keySet())))));
        new TreeMap<>(view.malformed()).forEach((key, reason) -> line(out, "malformed: %s: %s".formatted(key, reason)));
        return out.toString().stripTrailing();
    }

    static String json(ClusterView view) {
        ObjectNode root = JSON.createObjectNode();
        root.put("revision", view.documentRevision());
        root.put("coordinator", view.coordinator());
        ArrayNode rings = root.putArray("rings");
        for (RingRecord ring : rings(view)) {
            ObjectNode one = rings.addObject();
            one.put("id", ring.id());
            one.put("state", state(ring));
            one.put("floorReader", ring.floorReader());
            ObjectNode floors = one.putObject("floors");
            new TreeMap<>(ring.floors()).forEach((source, floor) -> floors.put(source, floor.toString()));
            ArrayNode members = one.putArray("members");
            for (Member member : ring.members()) {
                ObjectNode node = members.addObject();
                node.put("name", member.name());
                node.put("incarnation", member.incarnation());
                node.put("address", member.address());
                node.put("registered", isRegistered(view, member));
                node.put("confirmed", view.nodeConfirmed(member.name(), ring.id()));
            }
            ArrayNode confirmedBy = one.putArray("confirmedBySyncs");
            new TreeSet<>(view.syncs().keySet())
                    .stream()
                            .filter(sync -> view.syncConfirmed(sync, ring.id()))
                            .forEach(confirmedBy::add);
        }
        ArrayNode nodes = root.putArray("nodes");
        new TreeSet<>(view.members().keySet()).forEach(nodes::add);
        ArrayNode leaving = root.putArray("leaving");
        new TreeSet<>(view.leaving()).forEach(leaving::add);
        ArrayNode syncs = root.putArray("syncs");
        new TreeSet<>(view.syncs().keySet()).forEach(syncs::add);
        ArrayNode malformed = root.putArray("malformed");
        new TreeSet<>(view.malformed().keySet()).forEach(malformed::add);
        return JSON.writeValueAsString(root);
    }

    private static String note(ClusterView view, RingRecord ring, Member member) {
        if (!isRegistered(view, member)) {
            return ", gone";
        }
        if (ring.state() == RingState.CLOSING) {
            return view.nodeConfirmed(member.name(), ring.id()) ? ", confirmed" : ", not confirmed yet";
        }
        return view.leaving().contains(member.name()) ? ", leaving" : "";
    }

    private static boolean isRegistered(ClusterView view, Member member) {
        return member.equals(view.members().get(member.name()));
    }

    private static List<RingRecord> rings(ClusterView view) {
        TopologyDocument document = view.document();
        return document == null ? List.of() : document.rings();
    }

    private static String state(RingRecord ring) {
        return ring.state().name().toLowerCase(Locale.ROOT);
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }
}
