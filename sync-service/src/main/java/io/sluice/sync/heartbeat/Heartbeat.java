package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

/**
 * One row of the heartbeat table as it comes back in the change stream. Immutable.
 *
 * @param id of the row; Canal hashes it to a partition
 * @param source name of the source that it was written to, by the rules file of who wrote it
 * @param instance name of the sync instance that wrote it
 * @param beat number of the beat, ascending within one run of the instance
 */
public record Heartbeat(int id, String source, String instance, long beat) {
    public Heartbeat {
        requireNonNull(source, "source is null");
        requireNonNull(instance, "instance is null");
        if (id < 0) {
            throw new IllegalArgumentException("a heartbeat has the id " + id);
        }
    }
}
