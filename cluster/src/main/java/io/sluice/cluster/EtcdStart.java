package io.sluice.cluster;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks etcd again and again while a process starts, for a bounded time. No state. */
final class EtcdStart {
    private static final long PAUSE_MILLIS = 250;

    private EtcdStart() {}

    static <T extends @Nullable Object> T retry(EtcdSettings settings, EtcdStore store, Request<T> request) {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                return request.run();
            } catch (EtcdUnavailableException e) {
                if (System.nanoTime() - startNanos > settings.startTimeout().toNanos() || !pause()) {
                    throw new ClusterException(
                            "no use of etcd at " + String.join(", ", settings.endpoints()) + " within "
                                    + settings.startTimeout().toSeconds() + " s: " + e.getMessage()
                                    + ". Check that etcd runs there and that the endpoints, user and password are right",
                            e);
                }
                store.reconnect();
            }
        }
    }

    /** Waits a little; false when the thread was interrupted. */
    static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One request to etcd. */
    interface Request<T extends @Nullable Object> {
        T run() throws EtcdUnavailableException;
    }
}
