package io.sluice.sync.operate;

import static java.util.Objects.requireNonNull;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.config.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC server for operators' tools. Each call runs on a virtual thread of its own, so one that waits keeps nobody
 * else waiting. Safe for use by many threads.
 */
public final class OperatorServer implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 64 << 10;
    private static final int MAX_CALLS_PER_CONNECTION = 16;
    private static final long CLOSE_SECONDS = 1;

    private final Server server;
    private final ExecutorService executor;

    private OperatorServer(Server server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /**
     * Listens; port 0 takes a free one.
     *
     * @throws UncheckedIOException when the port cannot be had; the message says what to change
     */
    public static OperatorServer start(Address address, BindableService service) {
        requireNonNull(service, "service is null");
        ExecutorService executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("sluice-sync-operator-", 0).factory());
        try {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(address.hostName(), address.port()))
                    .executor(executor)
                    .maxInboundMessageSize(MAX_REQUEST_BYTES)
                    .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                    .addService(service)
                    .build()
                    .start();
            return new OperatorServer(server, executor);
        } catch (IOException e) {
            executor.shutdownNow();
            throw new UncheckedIOException(
                    "Cannot listen on " + address.hostName() + ":" + address.port()
                            + " for operators: stop what uses the port, or set listen.port to another one (0 takes a"
                            + " free one)",
                    e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Takes nothing more and waits a moment for the calls that run; then they are cut off. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
