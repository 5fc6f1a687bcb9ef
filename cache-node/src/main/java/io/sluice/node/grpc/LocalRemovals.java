package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.sluice.coherence.LeaseWait;
import io.sluice.node.lease.Leases;
import io.sluice.node.read.AppliedPositions;
import io.sluice.proto.v1.PeerRemoveRequestOrBuilder;
import io.sluice.proto.v1.RemovalResult;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Forgets entries of this node, and has those forget them who keep copies under lease. In this order: what is lent
 * after the stores have let go is nothing that was removed ({@link io.sluice.coherence.LeaseTable}).
 *
 * <p>The rules here may not be those of who sends a Remove:
 *
 * <ol>
 *   <li>a copy of a key of group g is lent;
 *   <li>g is dropped here; its copies are revoked, and nobody waits for that;
 *   <li>the sync service, whose rules still have g, removes the key, and it is acknowledged: there is no such group;
 *   <li>the holder, which has not read the revocation yet, answers with its copy.
 * </ol>
 *
 * So a Remove of a group that is not there waits for all that was lent of the name. And one by a tag waits for whatever
 * is being revoked of the group: that may be of a definition by which the key carried the tag, while by the present one
 * it does not.
 *
 * <p>Thread-safe. {@link #apply} waits for nothing, what it returns does; where nothing is lent it is done at once.
 */
public final class LocalRemovals {
    private final Removals removals;
    private final LeaseDemands demands;
    private final Leases leases;

    public LocalRemovals(Removals removals, Requests requests, AppliedPositions applied, Leases leases) {
        this.removals = requireNonNull(removals, "removals is null");
        this.demands = new LeaseDemands(requests, applied);
        this.leases = requireNonNull(leases, "leases is null");
    }

    /**
     * Applies a batch; either all of it is understood or none of it is applied.
     *
     * @return one result for each removal, in order, when no copy of what was removed is used any more
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a batch that is not understood
     */
    CompletionStage<List<RemovalResult>> apply(PeerRemoveRequestOrBuilder batch) {
        List<RemovalResult> results = removals.apply(batch);
        return revoke(batch).over().thenApply(over -> results);
    }

    /** The same, and waits for it on this thread. */
    void applyAndWait(PeerRemoveRequestOrBuilder batch, Deadline deadline) {
        var _ = removals.apply(batch);
        leases.await(revoke(batch), Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS)));
    }

    private LeaseWait revoke(PeerRemoveRequestOrBuilder batch) {
        if (leases.isEmpty()) {
            return LeaseWait.NONE;
        }
        return leases.revoke(demands.of(batch));
    }
}
