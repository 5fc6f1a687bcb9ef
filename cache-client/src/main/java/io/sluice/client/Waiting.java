package io.sluice.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for a future whose request has a deadline of its own. No state. */
final class Waiting {
    private Waiting() {}

    static <T> T on(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SluiceException failure
                    // A new one, with the caller's stack: the old one shows where the network thread was.
                    ? new SluiceException(failure.code(), String.valueOf(failure.getMessage()), failure)
                    : new SluiceException(ErrorCode.INTERNAL, "the client failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new SluiceException(ErrorCode.CANCELLED, "interrupted while waiting for an answer", e);
        }
    }
}
