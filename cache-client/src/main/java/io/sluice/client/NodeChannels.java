package io.sluice.client;

import static java.util.Objects.requireNonNull;

import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One long-lived connection to each member, made when it is first needed and closed when the member is gone.
 *
 * <p>Thread-safe. Invariant: a channel is kept only for a member of the current topology, at its current address.
 */
final class NodeChannels implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeChannels.class);
    private static final int PING_SECONDS = 30;
    private static final int PING_TIMEOUT_SECONDS = 5;
    private static final int CLOSE_SECONDS = 5;

    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Supplier<Topology> topology;
    private final int maxMessageBytes;
    private volatile boolean closed;

    NodeChannels(Supplier<Topology> topology, int maxMessageBytes) {
        this.topology = topology;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The connection to a member; throws a SluiceException when the client is closed. */
    ManagedChannel to(Member member) {
        Node node = requireNonNull(nodes.compute(member.name(), (name, known) -> {
            if (known != null && known.address.equals(member.address())) {
                return known;
            }
            if (closed) {
                throw new SluiceException(ErrorCode.CANCELLED, "the client is closed", null);
            }
            if (known != null) {
                known.channel.shutdown();
            }
            return open(member);
        }));
        return node.channel;
    }

    /** Closes what is not of a new topology, and connects at once to members that came back. */
    void follow(Topology next) {
        nodes.forEach((name, node) -> {
            Member member = next.member(name);
            if (member == null || !member.address().equals(node.address)) {
                if (nodes.remove(name, node)) {
                    log.info("Closing the connection to {} at {}: it is no longer a member", name, node.address);
                    node.channel.shutdown();
                }
            } else {
                node.channel.resetConnectBackoff();
            }
        });
    }

    /** A request could not reach a member: makes sure that it is tried again within about a second. */
    void unreachable(Member member) {
        Node node = nodes.get(member.name());
        if (node != null && node.mayResetBackoff()) {
            node.channel.resetConnectBackoff();
        }
        Topology now = topology.get();
        if (now.member(member.name()) == null) {
            follow(now);
        }
    }

    int size() {
        return nodes.size();
    }

    @Override
    public void close() {
        closed = true;
        nodes.values().forEach(node -> node.channel.shutdownNow());
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        try {
            for (Node node : nodes.values()) {
                if (!node.channel.awaitTermination(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    log.warn("The connection to {} did not close within {} s", node.address, CLOSE_SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        nodes.clear();
    }

    private Node open(Member member) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(member.host(), member.port())
                .negotiationType(NegotiationType.PLAINTEXT)
                .directExecutor()
                .maxInboundMessageSize(maxMessageBytes)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
        return new Node(member.address(), channel);
    }

    /** An open connection. */
    private static final class Node {
        private static final long RESET_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

        private final String address;
        private final ManagedChannel channel;
        private long lastResetNanos = System.nanoTime();

        Node(String address, ManagedChannel channel) {
            this.address = address;
            this.channel = channel;
        }

        synchronized boolean mayResetBackoff() {
            long now = System.nanoTime();
            boolean may = now - lastResetNanos > RESET_INTERVAL_NANOS;
            if (may) {
                lastResetNanos = now;
            }
            return may;
        }
    }
}
