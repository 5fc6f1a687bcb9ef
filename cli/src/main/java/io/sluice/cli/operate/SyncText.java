package io.sluice.cli.operate;

import io.sluice.proto.v1.NodeQueueStatus;
import io.sluice.proto.v1.PartitionStatus;
import io.sluice.proto.v1.SyncReplayResponse;
import io.sluice.proto.v1.SyncStatusResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a sync service answers, for a person. Stateless. */
final class SyncText {
    private static final long STALE_MILLIS = 5_000;

    private SyncText() {}

    static String of(SyncStatusResponse status) {
        List<String> lines = new ArrayList<>();
        lines.add(status.getName() + " is "
                + (status.getNotReady().isEmpty() ? "ready" : "not ready: " + status.getNotReady()));
        if (status.getThrottled()) {
            lines.add("too much is in flight to take more: nodes or queries are slow");
        }
        if (status.getAgeMillis() > STALE_MILLIS) {
            lines.add("the stream was last polled " + seconds(status.getAgeMillis()) + " ago");
        }
        lines.add("rules %s, groups to clear: %d, topology revision %d"
                .formatted(
                        status.getRulesFingerprint().isEmpty() ? "not in force yet" : status.getRulesFingerprint(),
                        status.getGroupsToClear(),
                        status.getTopologyRevision()));
        if (status.getPartitionsCount() == 0) {
            lines.add("no partition is assigned to it");
        }
        status.getPartitionsList().forEach(partition -> lines.addAll(partition(partition)));
        if (status.getNodesCount() == 0) {
            lines.add("no node is known");
        }
        status.getNodesList().forEach(node -> lines.add(node(node)));
        return String.join("\n", lines);
    }

    private static List<String> partition(PartitionStatus status) {
        List<String> lines = new ArrayList<>();
        StringBuilder first = new StringBuilder("partition %s-%d: committed %s, read to %s, %s behind, %d in flight"
                .formatted(
                        status.getTopic(),
                        status.getPartition(),
                        known(status.getCommittedOffset()),
                        known(status.getPositionOffset()),
                        known(status.getLagRecords()),
                        status.getInFlightRecords()));
        if (status.hasOldestInFlightMillis()) {
            first.append(" for ").append(seconds(status.getOldestInFlightMillis()));
        }
        if (status.hasLagMillis()) {
            first.append(", lag ").append(seconds(status.getLagMillis()));
        }
        if (status.hasReplayUntilOffset()) {
            first.append(", replaying until ").append(status.getReplayUntilOffset());
        }
        lines.add(first.toString());
        if (status.hasPosition()) {
            lines.add("  at " + status.getPosition().getGtidSet());
        }
        return lines;
    }

    private static String node(NodeQueueStatus status) {
        return "node %s@%d: %d waiting, %d sent in %d calls, %s%s"
                .formatted(
                        status.getNode(),
                        status.getIncarnation(),
                        status.getQueuedRemovals(),
                        status.getUnacknowledgedRemovals(),
                        status.getRunningCalls(),
                        status.hasLastAcknowledgedMillis()
                                ? "last acknowledged " + seconds(status.getLastAcknowledgedMillis()) + " ago"
                                : "nothing acknowledged yet",
                        status.getFailing() ? ", FAILING" : "");
    }

    static String of(Instant from, SyncReplayResponse answer) {
        if (answer.getPartitionsCount() == 0) {
            return "nothing was read here since " + from + ": nothing is replayed";
        }
        List<String> lines = new ArrayList<>();
        lines.add("replaying from " + from + "; sync status shows how far it is");
        for (PartitionStatus partition : answer.getPartitionsList()) {
            lines.add("partition %s-%d: from %d until %d"
                    .formatted(
                            partition.getTopic(),
                            partition.getPartition(),
                            partition.getPositionOffset(),
                            partition.getReplayUntilOffset()));
        }
        return String.join("\n", lines);
    }

    private static String known(long value) {
        return value < 0 ? "?" : Long.toString(value);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
