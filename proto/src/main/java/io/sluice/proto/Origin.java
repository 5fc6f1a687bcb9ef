package io.sluice.proto;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;

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
}
