package io.sluice.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits while a process starts for what its loops ask of etcd, for a bounded time. No state. */
final class EtcdStart {
    private EtcdStart() {}

    /**
     * Waits for an answer.
     *
     * @param lastFailure what went wrong last on the way to it, for the message
     * @throws ClusterException when it does not come in time, or is a ClusterException
     */
    static <T> T await(
            EtcdSettings settings,
            CompletableFuture<T> answer,
            Duration patience,
            Supplier<@Nullable String> lastFailure) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failure(settings, patience, lastFailure.get(), e);
        } catch (ExecutionException e) {
            throw failure(settings, patience, e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(settings, patience, "interrupted", e);
        }
    }

    private static ClusterException failure(
            EtcdSettings settings, Duration patience, @Nullable String reason, Exception cause) {
        return new ClusterException(
                "no use of etcd at " + String.join(", ", settings.endpoints()) + " within " + patience.toSeconds()
                        + " s: " + (reason == null ? "no answer" : reason)
                        + ". Check that etcd runs there and that the endpoints, user and password are right",
                cause);
    }
}
