package io.sluice.node.grpc;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The first answer, or how the call failed. */
record Replies<T>(CompletableFuture<T> first) implements StreamObserver<T> {
    @Override
    public void onNext(T reply) {
        first.complete(reply);
    }

    @Override
    public void onError(Throwable failure) {
        first.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        first.completeExceptionally(new IllegalStateException("ended without an answer"));
    }

    /** How a call failed whose replies complete this. */
    static StatusRuntimeException failure(Future<?> answered) throws InterruptedException {
        try {
            throw new AssertionError("answered: " + answered.get());
        } catch (ExecutionException e) {
            return assertInstanceOf(StatusRuntimeException.class, e.getCause());
        }
    }
}
