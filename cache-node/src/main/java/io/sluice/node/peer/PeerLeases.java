package io.sluice.node.peer;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import io.sluice.client.lease.LeaseLinks;
import io.sluice.client.lease.LeaseStream;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeasedCopies;
import io.sluice.node.hot.HotCopy;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.hot.Lender;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.PeerGrpc;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Copies of keys of other nodes, under lease from their owners: one stream to each owner that was asked. Thread-safe;
 * never blocks.
 */
public final class PeerLeases implements Lender, AutoCloseable {
    private final String self;
    private final Membership membership;
    private final LeaseLinks<HotCopy> links;

    public PeerLeases(
            String self, Membership membership, PeerChannels channels, LeasedCopies<HotCopy> copies, Clocks clock) {
        this.self = requireNonNull(self, "self is null");
        this.membership = requireNonNull(membership, "membership is null");
        this.links = new LeaseLinks<>(
                (member, incoming) -> PeerGrpc.newStub(channels.to(member)).lease(incoming),
                copies,
                HotKeys.MAX_VALUE_BYTES,
                clock);
    }

    @Override
    public void ask(Read read, long leaseMillis, Runnable settled) {
        LeaseStream<HotCopy> stream = streamToOwner(read);
        if (stream == null) {
            settled.run();
            return;
        }
        GetRequest get = GetRequest.newBuilder()
                .setGroup(read.group().name())
                .setKey(read.key())
                .build();
        long definition = read.group().definition();
        var _ = stream.ask(get, definition, leaseMillis, answer -> new HotCopy(answer, definition, new LongAdder()))
                .whenComplete((answer, failure) -> settled.run());
    }

    private @Nullable LeaseStream<HotCopy> streamToOwner(Read read) {
        Member owner = membership.topology().owner(read.hash());
        if (owner == null || owner.name().equals(self)) {
            return null;
        }
        try {
            return links.to(owner);
        } catch (StatusRuntimeException e) {
            // It is gone, or this node is stopping.
            return null;
        }
    }

    /** Ends the streams to members that are gone, or that came back as another incarnation. */
    public void retain(Topology topology) {
        links.retain(topology);
    }

    @Override
    public void close() {
        links.close();
    }
}
