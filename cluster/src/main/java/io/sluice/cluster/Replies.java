package io.sluice.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Brings answers of etcd back to the loop that asked. No state. */
final class Replies {
    private Replies() {}

    /** Runs one of the two on the loop when the answer, or its failure, is there. */
    static <T> void on(Loop loop, CompletableFuture<T> answer, Consumer<T> value, Consumer<Throwable> failure) {
        var unused = answer.whenComplete((result, thrown) -> loop.execute(() -> {
            if (thrown == null) {
                value.accept(result);
            } else {
                failure.accept(reason(thrown));
            }
        }));
    }

    /** What went wrong, without the wrapping of futures. */
    static Throwable reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }
}
