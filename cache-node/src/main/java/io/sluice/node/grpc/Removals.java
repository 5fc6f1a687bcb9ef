package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.GroupTags;
import io.sluice.proto.v1.PeerRemoveRequestOrBuilder;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalResult;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.store.RemoveResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forgets entries of this node. Thread-safe.
 *
 * <p>When {@link #apply} has returned, no older value of these keys is served from this node's memory again.
 *
 * <p>A tag of a form that the group here does not declare comes from a sender with another rules file. What it means is
 * carried by entries that this node does not know to carry it, so the whole group goes.
 */
public final class Removals {
    private final Requests requests;
    private final HotKeys hotKeys;
    private final AppliedPositions applied;
    private final RemovalEvents events;

    public Removals(Requests requests, HotKeys hotKeys, AppliedPositions applied, RemovalEvents events) {
        this.requests = requireNonNull(requests, "requests is null");
        this.hotKeys = requireNonNull(hotKeys, "hotKeys is null");
        this.applied = requireNonNull(applied, "applied is null");
        this.events = requireNonNull(events, "events is null");
    }

    /**
     * Applies a batch; either all of it is understood or none of it is applied.
     *
     * @return one result for each removal, in order
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a batch that is not understood
     */
    List<RemovalResult> apply(PeerRemoveRequestOrBuilder batch) {
        if (batch.getRemovalsCount() > requests.limits().removalsPerBatch()) {
            throw Failures.invalid("The batch has " + batch.getRemovalsCount() + " removals; the limit of this node is "
                    + requests.limits().removalsPerBatch() + ": send several batches");
        }
        List<SourcePosition> positions =
                batch.getPositionsList().stream().map(requests::position).toList();
        for (Removal removal : batch.getRemovalsList()) {
            check(removal, positions.size());
        }
        List<RemovalResult> results = new ArrayList<>(batch.getRemovalsCount());
        RealPositions real = new RealPositions(positions, applied);
        for (Removal removal : batch.getRemovalsList()) {
            results.add(apply(removal, positions.get(removal.getPositionIndex()), real));
        }
        real.news().forEach(requests.groups()::exempt);
        return results;
    }

    private static void check(Removal removal, int positions) {
        if (removal.getPositionIndex() < 0 || removal.getPositionIndex() >= positions) {
            throw Failures.invalid("A removal names position " + removal.getPositionIndex() + " of " + positions
                    + ": give an index into the positions of the batch");
        }
        if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_UNSPECIFIED
                || removal.getScope() == RemovalScope.UNRECOGNIZED) {
            throw Failures.invalid("A removal has no scope: set REMOVAL_SCOPE_KEY, REMOVAL_SCOPE_TAG,"
                    + " REMOVAL_SCOPE_GROUP or REMOVAL_SCOPE_HISTORY");
        }
    }

    private RemovalResult apply(Removal removal, SourcePosition told, RealPositions real) {
        if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_HISTORY) {
            history(requests.groups().find(removal.getGroup()), told);
            return RemovalResult.REMOVAL_RESULT_REMOVED;
        }
        while (true) {
            CacheGroup group = requests.groups().findToRemove(removal.getGroup(), told);
            if (group == null) {
                return RemovalResult.REMOVAL_RESULT_REMOVED;
            }
            RemovalResult result = apply(removal, group, real);
            CacheGroup now = requests.groups().find(removal.getGroup());
            // With other rules a group may have another store, which took over what this one demanded before this.
            if (now == null || now.store().equals(group.store())) {
                return result;
            }
        }
    }

    private RemovalResult apply(Removal removal, CacheGroup group, RealPositions real) {
        SourcePosition position = real.of(removal.getPositionIndex(), group.source());
        RemoveResult result = switch (removal.getScope()) {
            case REMOVAL_SCOPE_KEY -> key(group, removal.getKey(), position);
            case REMOVAL_SCOPE_TAG -> tag(group, removal.getKey(), position);
            default -> all(group, position);
        };
        return result == RemoveResult.COVERED
                ? RemovalResult.REMOVAL_RESULT_COVERED
                : RemovalResult.REMOVAL_RESULT_REMOVED;
    }

    private RemoveResult key(CacheGroup group, String key, SourcePosition position) {
        RemoveResult result = group.store().remove(group.storeKey(key), position);
        hotKeys.forget(group, key);
        return result;
    }

    /** Copies of hot keys live so shortly that all of the group may go. */
    private RemoveResult tag(CacheGroup group, String tag, SourcePosition position) {
        GroupTags tags = group.tags();
        if (tags == null || !tags.mayCarry(tag)) {
            events.removedByTag(group.name(), RemovalEvents.TagOutcome.UNKNOWN_FORM);
            return all(group, position);
        }
        RemoveResult result = group.store().removeTag(tags.hash(tag), position);
        hotKeys.forget(group);
        events.removedByTag(
                group.name(),
                result == RemoveResult.COVERED ? RemovalEvents.TagOutcome.COVERED : RemovalEvents.TagOutcome.REMOVED);
        return result;
    }

    /**
     * In this order: what an entry of the earlier history could be lifted by goes first; then the entries, and whatever
     * began to be loaded before now is refused; then nothing demands the earlier history any more.
     */
    private void history(@Nullable CacheGroup group, SourcePosition leftBehind) {
        if (group != null) {
            applied.beginAnew(group.source());
            all(group, SourcePosition.UNKNOWN);
            group.store().exempt(leftBehind);
        }
    }

    private RemoveResult all(CacheGroup group, SourcePosition position) {
        group.store().removeAll(position);
        hotKeys.forget(group);
        return RemoveResult.REMOVED;
    }
}
