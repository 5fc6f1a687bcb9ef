package io.sluice.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.proto.Origin;
import org.jspecify.annotations.Nullable;

/** Turns what gRPC says into what the caller of the client can act on. No state. */
final class Failures {
    private Failures() {}

    /** Whether the failure came about on the way: what a node answered, another node would answer too. */
    static boolean mayAskAnother(Throwable failure) {
        return failure instanceof StatusRuntimeException answered && Origin.isTransport(answered);
    }

    /** It began, and the connection or the server ended; our own cancellations end up nowhere. */
    private static boolean isCutOff(StatusRuntimeException answered) {
        return Origin.isTransport(answered) && answered.getStatus().getCode() != Status.Code.UNAVAILABLE;
    }

    static SluiceException of(String member, Throwable failure) {
        if (failure instanceof SluiceException already) {
            return already;
        }
        Status status = failure instanceof StatusRuntimeException answered && isCutOff(answered)
                ? Status.UNAVAILABLE.withDescription("it stopped, or the connection ended, during the request")
                : Status.fromThrowable(failure);
        return of("member " + member, status.getCode().value(), String.valueOf(status.getDescription()), failure);
    }

    static SluiceException of(String who, int grpcCode, String description) {
        return of(who, grpcCode, description, null);
    }

    private static SluiceException of(String who, int grpcCode, String description, @Nullable Throwable cause) {
        ErrorCode code = code(Status.fromCodeValue(grpcCode).getCode());
        return new SluiceException(code, who + " answered " + code + ": " + description + advice(code), cause);
    }

    private static ErrorCode code(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> ErrorCode.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorCode.NO_SUCH_GROUP;
            case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
            case UNAUTHENTICATED, PERMISSION_DENIED -> ErrorCode.DENIED;
            case CANCELLED -> ErrorCode.CANCELLED;
            default -> ErrorCode.INTERNAL;
        };
    }

    private static String advice(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, NO_SUCH_GROUP, DENIED, CANCELLED -> "";
            case UNAVAILABLE -> ". Try again later; check that the nodes and their source are up";
            case DEADLINE_EXCEEDED -> ". Give a longer deadline, or find out what is slow";
            case OVERLOADED -> ". Back off before the next request";
            case INTERNAL -> ". See the node's log";
        };
    }
}
