package io.sluice.sync.resync;

import io.sluice.sync.metrics.SyncMetrics;
import java.util.concurrent.ExecutorService;

/** Makes a production resync on a thread of a simulation. */
public final class SimResync {
    private SimResync() {}

    public static Resync on(ExecutorService thread, Resync.Primary primary, SyncMetrics metrics) {
        return new Resync(primary, metrics, thread);
    }
}
