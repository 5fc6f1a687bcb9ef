package io.sluice.node.peer;

import static java.util.Objects.requireNonNull;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.node.Failures;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection to each peer: made as soon as a topology names the member, so that the first read or peek does not pay
 * for it, kept alive, and closed when the member is gone from the topology.
 *
 * <p>Thread-safe. Keep-alive finds a peer that went without a word, so that calls to it fail instead of waiting.
 *
 * <p>Invariant: there is no connection to anyone but members of the latest topology, {@link #retain} having been called
 * with it. A caller that goes by an older one may still name a member that is gone:
 *
 * <pre>
 * 1: has read the topology, and is about to call a member
 *    the member is gone; its connection is closed
 * 1: would open another one, which nobody closes
 * </pre>
 */
public final class PeerChannels implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 2;
    private static final long NEVER_IDLE_DAYS = 365;
    private static final long MOST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String self;
    private final Membership membership;
    private final ConcurrentHashMap<Member, Connection> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** A channel, and since when its wait for the next attempt to connect runs at the longest. */
    private record Connection(ManagedChannel channel, AtomicLong attemptNanos) {}

    public PeerChannels(String self, Membership membership) {
        this.self = requireNonNull(self, "self is null");
        this.membership = requireNonNull(membership, "membership is null");
    }

    /**
     * The connection to a member. Never blocks.
     *
     * @throws io.grpc.StatusRuntimeException as a broken connection does, when the member is gone or this node is
     *     stopping
     */
    ManagedChannel to(Member member) {
        Connection connection = connections.get(member);
        if (connection == null) {
            connection = connections.computeIfAbsent(member, PeerChannels::open);
            // Looked at after the connection is there for retain() to find.
            if (!isMember(member)) {
                close(member);
                throw Failures.gone();
            }
        }
        if (closed) {
            close(member);
            throw Failures.stopping();
        }
        tryAgainSoon(connection);
        return connection.channel();
    }

    private boolean isMember(Member member) {
        return membership.topology().members().contains(member);
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

    /** Connects to new members, and closes the connections to those that are gone or came back as another life. */
    public void retain() {
        connections.keySet().stream().filter(member -> !isMember(member)).forEach(this::close);
        for (Member member : others()) {
            try {
                to(member).getState(true);
            } catch (io.grpc.StatusRuntimeException e) {
                // Gone again, or this node is stopping.
            }
        }
    }

    /** Whether every member has been connected to, or has been found not to answer. */
    public boolean isSettled() {
        return others().stream().allMatch(this::isSettled);
    }

    private boolean isSettled(Member member) {
        Connection connection = connections.get(member);
        ConnectivityState state =
                connection == null ? null : connection.channel().getState(false);
        return state == ConnectivityState.READY || state == ConnectivityState.TRANSIENT_FAILURE;
    }

    private List<Member> others() {
        return membership.topology().members().stream()
                .filter(member -> !member.name().equals(self))
                .toList();
    }

    /** How many connections there are. */
    public int size() {
        return connections.size();
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
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .idleTimeout(NEVER_IDLE_DAYS, TimeUnit.DAYS)
                .build();
        return new Connection(channel, new AtomicLong(System.nanoTime()));
    }

    /** Cuts off every connection. */
    @Override
    public void close() {
        closed = true;
        // One by one: what is opened meanwhile is closed by who opened it.
        for (Member member : connections.keySet()) {
            Connection connection = connections.remove(member);
            if (connection != null) {
                connection.channel().shutdownNow();
            }
        }
    }
}
