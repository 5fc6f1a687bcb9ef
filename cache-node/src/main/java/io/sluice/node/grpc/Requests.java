package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.Deadline;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.GroupTags;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.ReadOptions;
import io.sluice.store.StoreKey;
import java.util.concurrent.TimeUnit;

/**
 * Checks requests and makes reads of them. Thread-safe; never blocks.
 *
 * <p>Every refusal is a {@link io.grpc.StatusRuntimeException} that says what to do and names neither key nor value.
 */
public final class Requests {
    private final CacheGroups groups;
    private final RequestLimits limits;
    private final PositionParser positions = new PositionParser();

    public Requests(CacheGroups groups, RequestLimits limits) {
        this.groups = requireNonNull(groups, "groups is null");
        this.limits = requireNonNull(limits, "limits is null");
    }

    RequestLimits limits() {
        return limits;
    }

    CacheGroups groups() {
        return groups;
    }

    /** The caller's deadline, or the default one. */
    Deadline deadline() {
        Deadline deadline = Context.current().getDeadline();
        return deadline != null ? deadline : Deadline.after(limits.deadline().toMillis(), TimeUnit.MILLISECONDS);
    }

    Read read(String group, String key, ReadOptions options, boolean forwarded) {
        CacheGroup found = groups.require(group);
        return read(found, key, demands(found, options), deadline(), forwarded);
    }

    Read read(CacheGroup group, String key, Demands demands, Deadline deadline, boolean forwarded) {
        return new Read(
                group,
                key,
                storeKey(group, key),
                demands.minPosition(),
                demands.maxStalenessNanos(),
                deadline,
                forwarded);
    }

    StoreKey storeKey(CacheGroup group, String key) {
        if (key.isEmpty()) {
            throw Failures.invalid("The key is empty: give the key as the rules file's template renders it");
        }
        StoreKey storeKey = group.storeKey(key);
        if (storeKey.utf8().length > limits.keyBytes()) {
            throw Failures.invalid("The key has " + storeKey.utf8().length + " bytes; the limit of this node is "
                    + limits.keyBytes() + " (limits.key)");
        }
        return storeKey;
    }

    void checkTag(CacheGroup group, String tag) {
        GroupTags tags = group.tags();
        if (tags == null) {
            throw Failures.invalid("Group " + group.name() + " declares no tags: remove keys, or the group");
        }
        if (!tags.mayCarry(tag)) {
            throw Failures.invalid(
                    "No key of group " + group.name() + " carries a tag of this form: its tags are " + tags.forms());
        }
    }

    /** What a request asks of the answer's freshness. */
    record Demands(SourcePosition minPosition, long maxStalenessNanos) {
        static final Demands NONE = new Demands(SourcePosition.UNKNOWN, Read.ANY_STALENESS);
    }

    Demands demands(CacheGroup group, ReadOptions options) {
        return new Demands(minPosition(group, options), maxStalenessNanos(options));
    }

    private static long maxStalenessNanos(ReadOptions options) {
        if (!options.hasMaxStalenessMillis()) {
            return Read.ANY_STALENESS;
        }
        if (options.getMaxStalenessMillis() <= 0) {
            throw Failures.invalid("max_staleness_millis is " + options.getMaxStalenessMillis()
                    + ": give at least 1, or leave it out for what the group says");
        }
        // Saturates, so that more than centuries are any staleness.
        return TimeUnit.MILLISECONDS.toNanos(options.getMaxStalenessMillis());
    }

    private SourcePosition minPosition(CacheGroup group, ReadOptions options) {
        SourcePosition position = position(options.getMinPosition());
        if (!position.isUnknown() && !group.positioned()) {
            throw Failures.invalid("The source of group " + group.name()
                    + " has no positions, so min_position cannot be kept: leave it out, or declare coherence: gtid");
        }
        return position;
    }

    /** A position from the wire; a text that is none is refused, never taken as covered. */
    SourcePosition position(Position position) {
        try {
            return positions.parse(position.getGtidSet());
        } catch (PositionFormatException e) {
            throw Failures.invalid("A position is no GTID set: " + e.getMessage());
        }
    }

    void checkBatch(int keys) {
        if (keys == 0) {
            throw Failures.invalid("The batch has no keys: give at least one");
        }
        if (keys > limits.keysPerBatch()) {
            throw Failures.invalid("The batch has " + keys + " keys; the limit of this node is " + limits.keysPerBatch()
                    + " (limits.keys-per-batch): send several batches");
        }
    }
}
