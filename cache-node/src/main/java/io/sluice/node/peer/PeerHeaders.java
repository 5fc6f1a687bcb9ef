package io.sluice.node.peer;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.proto.v1.PeerReceipt;
import java.util.function.LongSupplier;

/** Says on every peer call who this node is and which topology it knows. Thread-safe. */
public final class PeerHeaders {
    private final String self;
    private final LongSupplier incarnation;
    private final Membership membership;

    public PeerHeaders(String self, LongSupplier incarnation, Membership membership) {
        this.self = requireNonNull(self, "self is null");
        this.incarnation = requireNonNull(incarnation, "incarnation is null");
        this.membership = requireNonNull(membership, "membership is null");
    }

    /** For a request, to whatever incarnation of the receiver. */
    public PeerHeader header() {
        return PeerHeader.newBuilder()
                .setSender(self)
                .setSenderIncarnation(incarnation.getAsLong())
                .setTopologyRevision(membership.topology().revision())
                .build();
    }

    /** For a request that only the incarnation of the receiver that is known here may answer. */
    PeerHeader header(Member receiver) {
        return header().toBuilder()
                .setReceiverIncarnation(receiver.incarnation())
                .build();
    }

    /** For an answer. */
    public PeerReceipt receipt() {
        return PeerReceipt.newBuilder()
                .setTopologyRevision(membership.topology().revision())
                .setIncarnation(incarnation.getAsLong())
                .build();
    }

    /** Whether a request that names an incarnation of its receiver means this one; 0 means any. */
    public boolean addresses(PeerHeader header) {
        return header.getReceiverIncarnation() == 0 || header.getReceiverIncarnation() == incarnation.getAsLong();
    }
}
