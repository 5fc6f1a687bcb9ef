package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.Answers;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes what the sync service says of how far the change stream has been applied to this node, and tells it what this
 * node demands. Thread-safe.
 *
 * <p>Phantoms can be found only by whoever knows what is demanded:
 *
 * <ol>
 *   <li>a sync instance reads H on the primary, and has the groups removed at H;
 *   <li>a failover loses the last of H before it was in the change stream;
 *   <li>the instance dies, and the next one never heard of it. No load covers the floor, and nothing is kept.
 * </ol>
 *
 * Only what is demanded of all keys is told: a record of one key becomes part of that as it ages. Together with the
 * phantoms that were known, so that instances which learned of different ones come to tell the same.
 */
public final class PositionReceiver {
    private final AppliedPositions applied;
    private final PeerHeaders headers;
    private final Requests requests;

    public PositionReceiver(AppliedPositions applied, PeerHeaders headers, Requests requests) {
        this.applied = requireNonNull(applied, "applied is null");
        this.headers = requireNonNull(headers, "headers is null");
        this.requests = requireNonNull(requests, "requests is null");
    }

    /** @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a position or a partition that cannot be */
    ApplyPositionResponse apply(ApplyPositionRequest request) {
        SourcePosition position = requests.position(request.getApplied());
        SourcePosition phantoms = requests.position(request.getPhantoms());
        int partitions = request.getPartitions();
        int partition = request.getPartition();
        if (partitions < 1 || partitions > AppliedPosition.MAX_PARTITIONS || partition < 0) {
            throw Failures.invalid("Partition " + partition + " of " + partitions + " cannot be: count partitions from"
                    + " 0, and all topics' of the source together, at most " + AppliedPosition.MAX_PARTITIONS);
        }
        boolean asked = request.getTellDemanded() && sources().contains(request.getSource());
        SourcePosition phantomsBefore =
                asked ? applied.of(request.getSource()).now().phantoms() : SourcePosition.UNKNOWN;
        AppliedPositions.Outcome outcome = AppliedPositions.Outcome.IGNORED;
        if (headers.addresses(request.getHeader())) {
            outcome = applied.told(
                    request.getSource(),
                    new AppliedPosition.Partition(request.getTopic(), partition),
                    partitions,
                    position,
                    phantoms,
                    request.getHeader().getTopologyRevision(),
                    sources());
        }
        if (outcome == AppliedPositions.Outcome.PHANTOMS_CHANGED) {
            requests.groups().exempt(request.getSource(), phantoms);
        }
        ApplyPositionResponse.Builder response = ApplyPositionResponse.newBuilder()
                .setReceipt(headers.receipt())
                .setAccepted(outcome != AppliedPositions.Outcome.IGNORED);
        if (asked && response.getAccepted()) {
            response.setDemanded(Answers.position(floors(request.getSource()).union(phantomsBefore)));
        }
        return response.build();
    }

    private SourcePosition floors(String source) {
        SourcePosition demanded = SourcePosition.UNKNOWN;
        for (CacheGroup group : requests.groups().all()) {
            if (group.source().equals(source)) {
                demanded = demanded.union(group.store().floor());
            }
        }
        return demanded;
    }

    private Set<String> sources() {
        return requests.groups().all().stream().map(CacheGroup::source).collect(Collectors.toSet());
    }
}
