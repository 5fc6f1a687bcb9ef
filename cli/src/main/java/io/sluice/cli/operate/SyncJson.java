package io.sluice.cli.operate;

import io.sluice.proto.v1.NodeQueueStatus;
import io.sluice.proto.v1.PartitionStatus;
import io.sluice.proto.v1.SyncReplayResponse;
import io.sluice.proto.v1.SyncStatusResponse;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a sync service answers, for a program: what is not known is left out. Stateless. */
final class SyncJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SyncJson() {}

    static String of(SyncStatusResponse status) {
        ObjectNode out = JSON.createObjectNode()
                .put("name", status.getName())
                .put("ready", status.getNotReady().isEmpty());
        if (!status.getNotReady().isEmpty()) {
            out.put("notReady", status.getNotReady());
        }
        out.put("paused", status.getPaused())
                .put("throttled", status.getThrottled())
                .put("rules", status.getRulesFingerprint())
                .put("groupsToClear", status.getGroupsToClear())
                .put("topologyRevision", status.getTopologyRevision())
                .put("ageMillis", status.getAgeMillis());
        ArrayNode partitions = out.putArray("partitions");
        status.getPartitionsList().forEach(partition -> partitions.add(partition(partition)));
        ArrayNode nodes = out.putArray("nodes");
        status.getNodesList().forEach(node -> nodes.add(node(node)));
        return JSON.writeValueAsString(out);
    }

    private static ObjectNode partition(PartitionStatus status) {
        ObjectNode out =
                JSON.createObjectNode().put("topic", status.getTopic()).put("partition", status.getPartition());
        putKnown(out, "committedOffset", status.getCommittedOffset());
        putKnown(out, "positionOffset", status.getPositionOffset());
        putKnown(out, "lagRecords", status.getLagRecords());
        out.put("inFlightRecords", status.getInFlightRecords());
        if (status.hasOldestInFlightMillis()) {
            out.put("oldestInFlightMillis", status.getOldestInFlightMillis());
        }
        if (status.hasLagMillis()) {
            out.put("lagMillis", status.getLagMillis());
        }
        if (status.hasReplayUntilOffset()) {
            out.put("replayUntilOffset", status.getReplayUntilOffset());
        }
        if (status.hasPosition()) {
            out.put("position", status.getPosition().getGtidSet());
        }
        return out;
    }

    private static void putKnown(ObjectNode out, String name, long value) {
        if (value >= 0) {
            out.put(name, value);
        }
    }

    private static ObjectNode node(NodeQueueStatus status) {
        ObjectNode out = JSON.createObjectNode()
                .put("name", status.getNode())
                .put("incarnation", status.getIncarnation())
                .put("queuedRemovals", status.getQueuedRemovals())
                .put("unacknowledgedRemovals", status.getUnacknowledgedRemovals())
                .put("runningCalls", status.getRunningCalls())
                .put("failing", status.getFailing());
        if (status.hasLastAcknowledgedMillis()) {
            out.put("lastAcknowledgedMillis", status.getLastAcknowledgedMillis());
        }
        return out;
    }

    static String of(Instant from, SyncReplayResponse answer) {
        ObjectNode out = JSON.createObjectNode().put("from", from.toString());
        ArrayNode partitions = out.putArray("partitions");
        for (PartitionStatus partition : answer.getPartitionsList()) {
            partitions.add(JSON.createObjectNode()
                    .put("topic", partition.getTopic())
                    .put("partition", partition.getPartition())
                    .put("positionOffset", partition.getPositionOffset())
                    .put("replayUntilOffset", partition.getReplayUntilOffset()));
        }
        return JSON.writeValueAsString(out);
    }
}
