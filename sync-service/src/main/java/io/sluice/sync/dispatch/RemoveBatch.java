package io.sluice.sync.dispatch;

import io.sluice.proto.v1.PeerHeader;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The deliveries of one call and the request made of them: equal removals are sent once, equal positions are named
 * once. Not safe for use by many threads. Invariant: what the request asks for is the union of the deliveries.
 */
final class RemoveBatch {
    private final List<Delivery> deliveries;
    private final PeerRemoveRequest body;

    RemoveBatch(List<Delivery> deliveries) {
        this.deliveries = List.copyOf(deliveries);
        PeerRemoveRequest.Builder builder = PeerRemoveRequest.newBuilder();
        Map<String, Integer> positions = new HashMap<>();
        Set<Removal> seen = HashSet.newHashSet(deliveries.size());
        for (Delivery delivery : deliveries) {
            Removal told = delivery.told();
            if (seen.add(told)) {
                int index = positions.computeIfAbsent(told.position(), text -> addPosition(builder, text));
                builder.addRemovals(io.sluice.proto.v1.Removal.newBuilder()
                        .setGroup(told.group())
                        .setScope(told.scope())
                        .setKey(told.key())
                        .setPositionIndex(index));
            }
        }
        this.body = builder.buildPartial();
    }

    private static int addPosition(PeerRemoveRequest.Builder builder, String text) {
        builder.addPositions(Position.newBuilder().setGtidSet(text));
        return builder.getPositionsCount() - 1;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /** How many removals the request asks for. */
    int size() {
        return body.getRemovalsCount();
    }

    /** The request under a header; the header is new with every attempt, since the topology may be. */
    PeerRemoveRequest request(PeerHeader header) {
        return body.toBuilder().setHeader(header).build();
    }
}
