package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.Failures;
import io.sluice.node.peer.GrpcPeers;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.Puts;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.PutRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks puts and brings them to the owner of their key, at most one hop. Thread-safe.
 *
 * <p>A value is only as good as what is known about when it was read. So a put says from which miss it comes, by that
 * miss's stamp and by how long ago it was asked for, and what cannot be judged is refused.
 */
public final class PutRequests {
    /** What is taken for the time since the miss where the caller does not tell it and positions decide. */
    private static final long ASSUMED_MILLIS = 10_000;

    private final String self;
    private final Holdings holdings;
    private final Requests requests;
    private final Puts puts;
    private final GrpcPeers peers;
    private final LongSupplier nanoClock;

    public PutRequests(
            String self, Holdings holdings, Requests requests, Puts puts, GrpcPeers peers, LongSupplier nanoClock) {
        this.self = requireNonNull(self, "self is null");
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.puts = requireNonNull(puts, "puts is null");
        this.peers = requireNonNull(peers, "peers is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** A put that may be kept. Immutable. */
    record Put(PutRequest request, Read read, SourcePosition stamp, long askedNanos) {}

    /** Never blocks; throws what the caller is told. */
    Put check(PutRequest request, boolean forwarded) {
        CacheGroup group = requests.groups().require(request.getGroup());
        if (!group.takesPuts()) {
            throw Failures.invalid("Group " + group.name() + " loads its values itself, and nothing is put into it:"
                    + " Get loads what is missing; declare a group without load for values of your own");
        }
        if (request.getValue().size() > requests.limits().valueBytes()) {
            throw Failures.invalid("The value has " + request.getValue().size() + " bytes; the limit of this node is "
                    + requests.limits().valueBytes() + " (limits.value)");
        }
        SourcePosition stamp = group.positioned() ? requests.position(request.getStamp()) : SourcePosition.UNKNOWN;
        if (group.positioned() && stamp.isUnknown()) {
            throw Failures.invalid("A put into group " + group.name()
                    + " needs the stamp of the miss that it answers: pass on info.stamp of the answer to Get");
        }
        long millis = millisSinceMiss(request, group);
        long askedNanos = nanoClock.getAsLong() - TimeUnit.MILLISECONDS.toNanos(millis);
        Read read = requests.read(group, request.getKey(), Requests.Demands.NONE, requests.deadline(), forwarded);
        return new Put(request, read, stamp, askedNanos);
    }

    private static long millisSinceMiss(PutRequest request, CacheGroup group) {
        if (!request.hasAskedMillisAgo()) {
            if (group.coherence() == Coherence.ARRIVAL) {
                throw Failures.invalid("The source of group " + group.name()
                        + " has no positions, so a put needs asked_millis_ago: the time since the caller asked for the"
                        + " miss, measured from before it sent the Get");
            }
            return ASSUMED_MILLIS;
        }
        if (request.getAskedMillisAgo() < 0) {
            throw Failures.invalid("asked_millis_ago is negative: give the time since the caller asked for the miss");
        }
        // One more, since the caller has cut the fraction off; less than centuries, since nanoseconds are counted.
        return Math.min(request.getAskedMillisAgo(), TimeUnit.DAYS.toMillis(365)) + 1;
    }

    /** Has the owner keep the value; returns whether it does. Blocks. */
    boolean apply(Put put) {
        Member owner = ownerElsewhere(put.read());
        if (owner == null) {
            return keep(put);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - put.askedNanos());
        Duration remaining = Duration.ofNanos(Math.max(1, put.read().deadline().timeRemaining(TimeUnit.NANOSECONDS)));
        PutRequest request = put.request().toBuilder().setAskedMillisAgo(millis).build();
        return peers.put(owner, request, remaining)
                .orElseThrow(() -> Failures.unavailable("Member " + owner.name()
                        + ", the owner of the key, cannot be reached, so the value is not kept: go on without"));
    }

    /** Keeps the value here, where the key is held here. Never blocks. */
    boolean keep(Put put) {
        return puts.put(put.read(), put.request().getValue().toByteArray(), put.stamp(), put.askedNanos());
    }

    /** Null when this node is the owner. */
    private @Nullable Member ownerElsewhere(Read read) {
        Member owner = holdings.topology().owner(read.hash());
        return owner == null || owner.name().equals(self) ? null : owner;
    }
}
