package io.sluice.node.peer;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.node.Failures;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection to each peer, opened when first needed and closed when the member is gone from the topology.
 *
 * <p>Thread-safe. Keep-alive finds a peer that went without a word, so that calls to it fail instead of waiting.
 */
public final class PeerChannels implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 2;
    private static final long MOST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConcurrentHashMap<Member, Connection> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** A channel, and since when its wait for the next attempt to connect runs at the longest. */
    private record Connection(ManagedChannel channel, AtomicLong attemptNanos) {}

    /**
     * The connection to a member. Never blocks: the connection is made with the first call on it.
     *
     * @throws io.grpc.StatusRuntimeException when the node is stopping
     */
    public ManagedChannel to(Member member) {
        Connection connection = connections.computeIfAbsent(member, PeerChannels::open);
        if (closed) {
            close(member);
            throw Failures.stopping();
        }
        tryAgainSoon(connection);
        return connection.channel();
    }

    /** Left to itself, a channel to a peer that was away waits for up to two minutes before it looks again. */
    private static void tryAgainSoon(Connection connection) {
        ManagedChannel channel = connection.channel();
        if (channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
            return;
        }
        long now = System.nanoTime();
        long last = connection.attemptNanos().get();
        if (now - last > MOST_BACKOFF_NANOS && connection.attemptNanos().compareAndSet(last, now)) {
            channel.resetConnectBackoff();
        }
    }

    /** Closes the connections to members that are gone, or that came back as another incarnation. */
    public void retain(Topology topology) {
        Set<Member> present = new HashSet<>(topology.members());
        connections.keySet().stream()
                .filter(member -> !present.contains(member))
                .forEach(this::close);
    }

    private void close(Member member) {
        Connection connection = connections.remove(member);
        if (connection != null) {
            connection.channel().shutdown();
        }
    }

    private static Connection open(Member member) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(member.host(), member.port())
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
        return new Connection(channel, new AtomicLong(System.nanoTime()));
    }

    /** Cuts off every connection. */
    @Override
    public void close() {
        closed = true;
        connections.values().forEach(connection -> connection.channel().shutdownNow());
        connections.clear();
    }
}
