package io.sluice.simulation;

import io.sluice.cluster.RingRecord;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import java.util.Arrays;

/** What one simulated node has heard of Removes, by key, and of groups and floors of rings. */
final class Heard {
    private final SourcePosition[] ofKeys = new SourcePosition[SimDatabase.KEYS];
    private SourcePosition ofAll = SourcePosition.UNKNOWN;

    Heard() {
        Arrays.fill(ofKeys, SourcePosition.UNKNOWN);
    }

    void adopt(Topology topology) {
        for (RingRecord ring : topology.rings()) {
            ring.floors().values().forEach(floor -> ofAll = ofAll.union(floor));
        }
    }

    void hear(PeerRemoveRequest request) {
        request.getRemovalsList().forEach(removal -> hear(request, removal));
    }

    private void hear(PeerRemoveRequest request, Removal removal) {
        String text = request.getPositions(removal.getPositionIndex()).getGtidSet();
        SourcePosition position = SourcePosition.parse(text);
        if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_KEY) {
            int key = Integer.parseInt(removal.getKey());
            ofKeys[key] = ofKeys[key].union(position);
        } else {
            ofAll = ofAll.union(position);
        }
    }

    boolean of(Transaction transaction) {
        return ofKeys[transaction.key].covers(transaction.gtid) || ofAll.covers(transaction.gtid);
    }
}
