package io.sluice.node.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;

/** Tells the handlers of streams from where they come. Single calls do without, since it costs them. Stateless. */
public final class CallerAddress implements ServerInterceptor {
    private static final Context.Key<String> ADDRESS = Context.keyWithDefault("sluice-caller-address", "");

    /** Of the stream that is being opened on this thread, as host:port; empty when it is not known. */
    static String current() {
        return ADDRESS.get();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (call.getMethodDescriptor().getType() != MethodType.BIDI_STREAMING
                || !(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address)) {
            return next.startCall(call, headers);
        }
        String text =
                address.getAddress() == null ? "" : address.getAddress().getHostAddress() + ":" + address.getPort();
        return Contexts.interceptCall(Context.current().withValue(ADDRESS, text), call, headers, next);
    }
}
