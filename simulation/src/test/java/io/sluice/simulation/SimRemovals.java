package io.sluice.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.cluster.EtcdMembership;
import io.sluice.node.grpc.SimNodeServices;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import java.util.function.LongConsumer;

/** What one simulated node does when the sync service sends it Removes. */
final class SimRemovals {
    private final Simulation simulation;
    private final EtcdMembership membership;
    private final SimNodeServices services;
    private final SimLeases leases;
    private final Heard heard;

    SimRemovals(
            Simulation simulation, EtcdMembership membership, SimNodeServices services, SimLeases leases, Heard heard) {
        this.simulation = simulation;
        this.membership = membership;
        this.services = services;
        this.leases = leases;
        this.heard = heard;
    }

    /** Acknowledged with the revision that is known here. */
    void remove(byte[] bytes, LongConsumer acknowledged) {
        PeerRemoveRequest request;
        try {
            request = PeerRemoveRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        PeerRemoveRequest told =
                simulation.has(Protection.RESYNC_WITH_POSITION) ? request : withoutPositionsOfGroups(request);
        if (services.remove(told)) {
            heard.hear(request);
            Runnable acknowledge =
                    () -> acknowledged.accept(membership.topology().revision());
            leases.revoke(services.demands(told), simulation.has(Protection.LEASE_WAIT) ? acknowledge : () -> {});
            if (!simulation.has(Protection.LEASE_WAIT)) {
                acknowledge.run();
            }
        }
    }

    private static PeerRemoveRequest withoutPositionsOfGroups(PeerRemoveRequest request) {
        PeerRemoveRequest.Builder changed = request.toBuilder();
        int none = request.getPositionsCount();
        changed.addPositions(Position.getDefaultInstance());
        for (Removal.Builder removal : changed.getRemovalsBuilderList()) {
            if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_GROUP) {
                removal.setPositionIndex(none);
            }
        }
        return changed.build();
    }
}
