package io.sluice.system;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a process and etcd, and can make it blind: then leases are renewed as ever, while every other call
 * fails and every watch ends. Thread-safe. It passes bytes on and knows nothing of what they mean.
 */
final class EtcdRelay implements AutoCloseable {
    private static final String STILL_PASSES = "etcdserverpb.Lease/";

    private final ManagedChannel etcd;
    private final Server server;
    private final Set<ServerCall<byte[], byte[]>> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean blind;

    /** @param endpoint of etcd, as {@code http://host:port} */
    EtcdRelay(String endpoint) {
        etcd = Grpc.newChannelBuilder(endpoint.replace("http://", ""), InsecureChannelCredentials.create())
                .build();
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .fallbackHandlerRegistry(new EveryMethod())
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen for the relay", e);
        }
    }

    /** Where a process finds this in the place of etcd. */
    String endpoint() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** From now on nobody behind this sees a change. */
    void blind() {
        blind = true;
        calls.forEach(call -> {
            if (!passes(call)) {
                end(call, Status.UNAVAILABLE.withDescription("the relay is blind"), new Metadata());
            }
        });
    }

    /** Passes everything on again. */
    void seeAgain() {
        blind = false;
    }

    private boolean passes(ServerCall<?, ?> call) {
        return !blind || call.getMethodDescriptor().getFullMethodName().startsWith(STILL_PASSES);
    }

    /** Ends a call once, whoever is first. */
    private void end(ServerCall<byte[], byte[]> call, Status status, Metadata trailers) {
        if (calls.remove(call)) {
            synchronized (call) {
                call.close(status, trailers);
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        etcd.shutdownNow();
    }

    private final class EveryMethod extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
            MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNKNOWN)
                    .setFullMethodName(name)
                    .setRequestMarshaller(new Bytes())
                    .setResponseMarshaller(new Bytes())
                    .build();
            return ServerMethodDefinition.create(method, new PassOn());
        }
    }

    private final class PassOn implements ServerCallHandler<byte[], byte[]> {
        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
            calls.add(call);
            if (!passes(call)) {
                end(call, Status.UNAVAILABLE.withDescription("the relay is blind"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            ClientCall<byte[], byte[]> onward = etcd.newCall(call.getMethodDescriptor(), CallOptions.DEFAULT);
            onward.start(new Answers(call, onward), headers);
            onward.request(1);
            call.request(1);
            return new Requests(call, onward);
        }
    }

    /** From the process to etcd. */
    private static final class Requests extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final ClientCall<byte[], byte[]> onward;

        Requests(ServerCall<byte[], byte[]> call, ClientCall<byte[], byte[]> onward) {
            this.call = call;
            this.onward = onward;
        }

        @Override
        public void onMessage(byte[] message) {
            onward.sendMessage(message);
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            onward.halfClose();
        }

        @Override
        public void onCancel() {
            onward.cancel("the process ended the call", null);
        }

        @Override
        public void onComplete() {
            onward.cancel("the relay ended the call", null);
        }
    }

    /** From etcd to the process. */
    private final class Answers extends ClientCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final ClientCall<byte[], byte[]> onward;

        Answers(ServerCall<byte[], byte[]> call, ClientCall<byte[], byte[]> onward) {
            this.call = call;
            this.onward = onward;
        }

        @Override
        public void onHeaders(Metadata headers) {
            send(() -> call.sendHeaders(headers));
        }

        @Override
        public void onMessage(byte[] message) {
            send(() -> call.sendMessage(message));
            onward.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end(call, status, trailers);
        }

        private void send(Runnable message) {
            synchronized (call) {
                if (calls.contains(call)) {
                    message.run();
                }
            }
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
