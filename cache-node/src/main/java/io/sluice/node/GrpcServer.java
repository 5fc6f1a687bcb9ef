package io.sluice.node;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.sluice.config.Address;
import io.sluice.node.grpc.CallerAddress;
import io.sluice.node.grpc.OriginTrailer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server that a node listens by. Thread-safe. {@link #close} waits a while for calls that are under way. */
final class GrpcServer implements AutoCloseable {
    private static final long SHUTDOWN_SECONDS = 5;

    private final Server server;

    private GrpcServer(Server server) {
        this.server = server;
    }

    /**
     * Listens.
     *
     * @throws UncheckedIOException when the port cannot be had
     */
    static GrpcServer start(Address address, List<BindableService> services, BindableService health) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(address.hostName(), address.port()))
                // Handlers answer from memory or hand off; none blocks.
                .directExecutor()
                .maxInboundMessageSize(16 << 20)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new OriginTrailer())
                .intercept(new CallerAddress());
        services.forEach(builder::addService);
        builder.addService(health).addService(ProtoReflectionServiceV1.newInstance());
        try {
            return new GrpcServer(builder.build().start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot listen on " + address.hostName() + ":" + address.port()
                            + " for gRPC: stop what uses the port, or set listen.port to another one (0 takes a free one)",
                    e);
        }
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
