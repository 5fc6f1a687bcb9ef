package io.sluice.node.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.sluice.proto.Origin;

/**
 * Marks UNIMPLEMENTED as this node's own answer: for methods that no service overrides gRPC gives it, without the
 * trailer that tells it from a failure of the transport. Stateless.
 */
public final class OriginTrailer implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return next.startCall(
                new SimpleForwardingServerCall<Q, R>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (status.getCode() == Status.Code.UNIMPLEMENTED && !trailers.containsKey(Origin.KEY)) {
                            trailers.put(Origin.KEY, Origin.NODE);
                        }
                        super.close(status, trailers);
                    }
                },
                headers);
    }
}
