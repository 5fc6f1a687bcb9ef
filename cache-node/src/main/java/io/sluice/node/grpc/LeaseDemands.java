package io.sluice.node.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sluice.coherence.LeaseDemand;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.GroupTags;
import io.sluice.proto.v1.PeerRemoveRequestOrBuilder;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a batch of Removes demands of copies under lease, one demand for each removal. Thread-safe. */
final class LeaseDemands {
    private final Requests requests;
    private final AppliedPositions applied;

    LeaseDemands(Requests requests, AppliedPositions applied) {
        this.requests = requireNonNull(requests, "requests is null");
        this.applied = requireNonNull(applied, "applied is null");
    }

    List<LeaseDemand> of(PeerRemoveRequestOrBuilder batch) {
        List<SourcePosition> positions =
                batch.getPositionsList().stream().map(requests::position).toList();
        RealPositions real = new RealPositions(positions, applied);
        List<LeaseDemand> demands = new ArrayList<>();
        for (Removal removal : batch.getRemovalsList()) {
            CacheGroup group = requests.groups().find(removal.getGroup());
            demands.add(
                    group == null
                            ? LeaseDemand.ofGroup(removal.getGroup(), SourcePosition.UNKNOWN)
                            : demand(removal, group, real));
        }
        return demands;
    }

    private static LeaseDemand demand(Removal removal, CacheGroup group, RealPositions real) {
        String name = group.name();
        if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_HISTORY) {
            return LeaseDemand.ofGroup(name, SourcePosition.UNKNOWN);
        }
        SourcePosition position = real.of(removal.getPositionIndex(), group.source());
        GroupTags tags = group.tags();
        String key = removal.getKey();
        return switch (removal.getScope()) {
            case REMOVAL_SCOPE_KEY -> LeaseDemand.ofKey(name, key, position);
            case REMOVAL_SCOPE_TAG ->
                tags != null && tags.mayCarry(key)
                        ? LeaseDemand.ofKeys(name, carries(tags, tags.hash(key)), position)
                        : LeaseDemand.ofGroup(name, position);
            default -> LeaseDemand.ofGroup(name, position);
        };
    }

    private static Predicate<String> carries(GroupTags tags, long tag) {
        return key -> {
            long[] carried = tags.of(key.getBytes(UTF_8));
            if (carried == null) {
                return true;
            }
            for (long each : carried) {
                if (each == tag) {
                    return true;
                }
            }
            return false;
        };
    }
}
