package io.sluice.client;

import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The mark that a node puts into the trailers of every error it answers, {@code sluice-origin: node}, so that a client
 * can tell a node's answer (a load that failed: asking elsewhere would only load again) from a connection that broke.
 *
 * <p>Thread-safe: no state.
 */
public final class NodeOrigin {
    /** Key of the mark. */
    public static final Metadata.Key<String> KEY = Metadata.Key.of("sluice-origin", Metadata.ASCII_STRING_MARSHALLER);

    /** Value of the mark. */
    public static final String NODE = "node";

    private NodeOrigin() {}

    /** Puts the mark into an error's trailers. */
    public static Metadata mark(Metadata trailers) {
        trailers.put(KEY, NODE);
        return trailers;
    }

    /** Whether a failure came about on the way: only then may another node be asked. */
    public static boolean isTransportError(Status status, @Nullable Metadata trailers) {
        boolean fromNode = trailers != null && trailers.containsKey(KEY);
        return status.getCode() == Status.Code.UNAVAILABLE && !fromNode;
    }
}
