package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import java.util.List;

/**
 * What the stream did at one moment, as the poll thread saw it between two polls. Immutable.
 *
 * @param takenNanos the moment, by {@link System#nanoTime}
 * @param throttled whether there was too much in flight to take more
 * @param rulesFingerprint of the rules by which changes are mapped; empty before the first poll
 * @param partitions those that are assigned, in order
 */
public record StreamStatus(
        long takenNanos, boolean throttled, String rulesFingerprint, List<PartitionState> partitions) {
    /** For offsets and numbers of records that are not known. */
    public static final long UNKNOWN = -1;

    public StreamStatus {
        requireNonNull(rulesFingerprint, "rulesFingerprint is null");
        partitions = List.copyOf(partitions);
    }

    /** Nothing is consumed. */
    static StreamStatus idle() {
        return new StreamStatus(System.nanoTime(), false, "", List.of());
    }

    /**
     * One partition.
     *
     * @param committedOffset what the broker has stored
     * @param positionOffset the next offset to be read
     * @param lagRecords how many records there are from there to the end
     * @param inFlight records handed out and not done
     * @param oldestNanos since when the oldest of them has been in flight; has no meaning when there is none
     * @param position the GTID set up to the last record read that had one; empty before
     * @param replayUntil the offset at which a replay ends; unknown when there is none
     */
    public record PartitionState(
            Partition partition,
            long committedOffset,
            long positionOffset,
            long lagRecords,
            long inFlight,
            long oldestNanos,
            String position,
            long replayUntil) {
        public PartitionState {
            requireNonNull(partition, "partition is null");
            requireNonNull(position, "position is null");
        }
    }
}
