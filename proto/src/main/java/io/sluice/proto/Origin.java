package io.sluice.proto;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.nio.channels.ClosedChannelException;

/**
 * Tells a failure that a node decided on from one of the transport.
 *
 * <p>A node puts {@code sluice-origin: node} into the trailers of every failure it answers with. Both kinds can have
 * the status UNAVAILABLE, but only a transport failure may be tried on another node.
 */
public final class Origin {
    /** The name of the trailer. */
    public static final Metadata.Key<String> KEY = Metadata.Key.of("sluice-origin", Metadata.ASCII_STRING_MARSHALLER);

    /** Its value in the answer of a node. */
    public static final String NODE = "node";

    private Origin() {}

    /** Whether a node decided on this failure. */
    public static boolean isNode(StatusRuntimeException failure) {
        Metadata trailers = failure.getTrailers();
        return trailers != null && NODE.equals(trailers.get(KEY));
    }

    /**
     * Whether the failure came about on the way: nobody was reached, a server cancelled what reached it in its last
     * moment, or the connection ended just as the request was put on it, which grpc-java calls UNKNOWN.
     */
    public static boolean isTransport(StatusRuntimeException failure) {
        return !isNode(failure)
                && switch (failure.getStatus().getCode()) {
                    case UNAVAILABLE, CANCELLED -> true;
                    case UNKNOWN -> failure.getStatus().getCause() instanceof ClosedChannelException;
                    default -> false;
                };
    }
}
