package io.sluice.node;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.proto.Origin;

/**
 * The failures that a node answers with, each with words that say what to do.
 *
 * <p>Every one but {@link #stopping} and {@link #gone} carries the trailer {@link Origin#NODE}: the caller then knows
 * that a node decided so, and that asking another node would change nothing. A failure without it came from the
 * transport.
 */
public final class Failures {
    private Failures() {}

    /** The request itself is wrong. */
    public static StatusRuntimeException invalid(String message) {
        return failure(Status.INVALID_ARGUMENT, message);
    }

    /** The thing named does not exist. */
    public static StatusRuntimeException notFound(String message) {
        return failure(Status.NOT_FOUND, message);
    }

    /** Something the answer needs cannot be reached; trying again later may help. */
    public static StatusRuntimeException unavailable(String message) {
        return failure(Status.UNAVAILABLE, message);
    }

    /**
     * The node is on its way out. Without the trailer: like a connection that broke, it says nothing about the request,
     * and another node may well answer it.
     */
    public static StatusRuntimeException stopping() {
        return Status.UNAVAILABLE
                .withDescription("The node is stopping: ask another node")
                .asRuntimeException();
    }

    /** A member left before it could be called. Without the trailer, for the same reason. */
    public static StatusRuntimeException gone() {
        return Status.UNAVAILABLE
                .withDescription("The member has left the cluster: ask another node")
                .asRuntimeException();
    }

    /** A limit was reached. */
    public static StatusRuntimeException exhausted(String message) {
        return failure(Status.RESOURCE_EXHAUSTED, message);
    }

    /** The request's time is over. */
    public static StatusRuntimeException deadlineExceeded(String message) {
        return failure(Status.DEADLINE_EXCEEDED, message);
    }

    /** The receiver is not in the state the request assumes. */
    public static StatusRuntimeException failedPrecondition(String message) {
        return failure(Status.FAILED_PRECONDITION, message);
    }

    /** A defect of the node. */
    public static StatusRuntimeException internal(String message) {
        return failure(Status.INTERNAL, message);
    }

    /** What another node decided, passed on in this node's name. */
    public static StatusRuntimeException relayed(Status status) {
        return failure(status, String.valueOf(status.getDescription()));
    }

    private static StatusRuntimeException failure(Status status, String message) {
        Metadata trailers = new Metadata();
        trailers.put(Origin.KEY, Origin.NODE);
        return status.withDescription(message).asRuntimeException(trailers);
    }
}
