package io.sluice.node.read;

import io.sluice.node.load.LoadStamp;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One load in progress for one key.
 *
 * <p>Thread-safe. Its stamp is unknown until the load has read the source's position, which it does before it reads the
 * row; from then on the row may be older than whatever is asked for later.
 */
final class Flight<T> {
    private final CompletableFuture<T> landing = new CompletableFuture<>();
    private volatile @Nullable Departure departure;

    /** What is known of a load from the moment it has read the source's position. */
    record Departure(LoadStamp stamp, long startNanos) {}

    Flight() {}

    /** Called by the load when it has read the position that its row will reflect at least. */
    void departed(LoadStamp stamp, long startNanos) {
        departure = new Departure(stamp, startNanos);
    }

    /** Null while the load has not read its position. */
    @Nullable Departure departure() {
        return departure;
    }

    CompletableFuture<T> landing() {
        return landing;
    }
}
