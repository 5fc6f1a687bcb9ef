package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.SourcePosition;
import org.jspecify.annotations.Nullable;

/** Knows the heartbeats of one source that this process has written. Safe for use by many threads; never blocks. */
@FunctionalInterface
public interface Echoes {
    /**
     * What is known of a heartbeat of one's own.
     *
     * @param committedNanos a time after its commit, by {@link System#nanoTime}
     * @param executed what the primary had executed after its commit
     */
    record Echo(long committedNanos, SourcePosition executed) {
        public Echo {
            requireNonNull(executed, "executed is null");
        }
    }

    /** A heartbeat of this source came back, whoever wrote it; null when it is another's, or too old to be known. */
    @Nullable Echo arrived(Heartbeat heartbeat, Partition partition);
}
