package io.sluice.sync.again;

import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;

/** Makes second removals that no thread sends: rules of a simulation ask for none. */
public final class SimSecondRemovals {
    private SimSecondRemovals() {}

    public static SecondRemovals none(SyncMetrics metrics) {
        return new SecondRemovals((removal, whenDone) -> {}, 1, Duration.ZERO, () -> 0, metrics);
    }
}
