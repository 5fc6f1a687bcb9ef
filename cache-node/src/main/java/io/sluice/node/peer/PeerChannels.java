package io.sluice.node.peer;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One connection to each peer, opened when first needed and closed when the member is gone from the topology.
 *
 * <p>Thread-safe. Keep-alive finds a peer that went without a word, so that calls to it fail instead of waiting.
 */
public final class PeerChannels implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 2;

    private final ConcurrentHashMap<Member, ManagedChannel> channels = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** The connection to a member. Never blocks: the connection is made with the first call on it. */
    public ManagedChannel to(Member member) {
        if (closed) {
            throw new IllegalStateException("the node is stopping");
        }
        return channels.computeIfAbsent(member, PeerChannels::open);
    }

    /** Closes the connections to members that are gone, or that came back as another incarnation. */
    public void retain(Topology topology) {
        Set<Member> present = new HashSet<>(topology.members());
        channels.keySet().stream().filter(member -> !present.contains(member)).forEach(this::close);
    }

    private void close(Member member) {
        ManagedChannel channel = channels.remove(member);
        if (channel != null) {
            channel.shutdown();
        }
    }

    private static ManagedChannel open(Member member) {
        return NettyChannelBuilder.forAddress(member.host(), member.port())
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    /** Cuts off every connection. */
    @Override
    public void close() {
        closed = true;
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
    }
}
