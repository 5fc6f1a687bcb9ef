package io.sluice.sync;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.LaneStatus;
import io.sluice.sync.kafka.ChangeStream;
import io.sluice.sync.kafka.StreamStatus;
import io.sluice.sync.kafka.StreamStatus.PartitionState;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.ring.RingPart;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Shows as metrics what the parts of a service keep anyway. Stateless but for the parts. */
final class ServiceGauges {
    private static final double NANOS = 1e9;

    private final SyncMetrics metrics;
    private final Dispatcher dispatcher;
    private final RingPart ringPart;
    private final ChangeStream stream;
    private final Readiness readiness;

    ServiceGauges(
            SyncMetrics metrics, Dispatcher dispatcher, RingPart ringPart, ChangeStream stream, Readiness readiness) {
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.ringPart = requireNonNull(ringPart, "ringPart is null");
        this.stream = requireNonNull(stream, "stream is null");
        this.readiness = requireNonNull(readiness, "readiness is null");
    }

    /** Registers all of them; a registry takes them once. */
    void register(Supplier<Map<Partition, Duration>> lags) {
        ofTheService();
        ofTheNodes();
        ofThePartitions();
        metrics.gaugePerPartition(
                "sluice_sync_lag_seconds",
                "From the commit of a heartbeat until all before it is removed, or for how long the next is overdue",
                () -> lags.get().entrySet().stream()
                        .collect(toMap(Map.Entry::getKey, lag -> lag.getValue().toNanos() / NANOS)));
    }

    private void ofTheService() {
        metrics.gauge("sluice_sync_records_in_flight", "Records handed out and not done", stream::inFlight);
        metrics.gauge("sluice_sync_removals_in_flight", "Removals not done", dispatcher::inFlight);
        metrics.gauge(
                "sluice_sync_groups_to_clear",
                "Groups that are not cleared yet since the rules that remove from them have changed",
                stream::groupsToClear);
        metrics.gauge("sluice_sync_removals_bytes", "Heap that removals not done take", dispatcher::footprintBytes);
        metrics.gauge("sluice_sync_paused", "1 while too much is in flight", () -> stream.isFull() ? 1 : 0);
        metrics.gauge(
                "sluice_sync_paused_by_operator",
                "1 while an operator has it paused",
                () -> stream.control().isPaused() ? 1 : 0);
        metrics.gauge(
                "sluice_sync_nodes_failing",
                "Nodes whose last Remove call failed",
                () -> dispatcher.failingMembers().size());
        metrics.gauge(
                "sluice_sync_registered",
                "1 while the registration in etcd is sure to stand; without, nothing is committed",
                () -> ringPart.leased() ? 1 : 0);
        metrics.gauge("sluice_sync_topology_revision", "Topology by which removals are done", dispatcher::revision);
        metrics.gauge(
                "sluice_sync_ready",
                "1 while ready",
                () -> readiness.reasonNotReady().isEmpty() ? 1 : 0);
    }

    private void ofTheNodes() {
        perNode("sluice_sync_lane_waiting", "Removals not sent to a node yet", LaneStatus::waiting);
        perNode(
                "sluice_sync_lane_unacknowledged",
                "Removals sent to a node and not acknowledged",
                LaneStatus::unacknowledged);
        perNode("sluice_sync_lane_calls", "Remove calls under way to a node", LaneStatus::callsRunning);
        perNode(
                "sluice_sync_lane_silence_seconds",
                "For how long calls to a node have been under way without any being acknowledged",
                lane -> lane.callsRunning() == 0 ? 0 : (System.nanoTime() - lane.silentSinceNanos()) / NANOS);
    }

    private void perNode(String name, String help, ToDoubleFunction<LaneStatus> value) {
        metrics.gaugePerNode(
                name,
                help,
                () -> dispatcher.lanes().stream()
                        .collect(toMap(lane -> lane.member().name(), value::applyAsDouble, Double::sum)));
    }

    private void ofThePartitions() {
        metrics.gauge(
                "sluice_sync_partitions",
                "Partitions assigned to this instance",
                () -> stream.control().status().partitions().size());
        perPartition(
                "sluice_sync_partition_lag_records",
                "Records between what was read and the end",
                state -> state.lagRecords() != StreamStatus.UNKNOWN,
                PartitionState::lagRecords);
        perPartition(
                "sluice_sync_partition_in_flight_records",
                "Records handed out and not done",
                state -> true,
                PartitionState::inFlight);
        perPartition(
                "sluice_sync_partition_committed_offset",
                "Offset that the broker has stored",
                state -> state.committedOffset() != StreamStatus.UNKNOWN,
                PartitionState::committedOffset);
        perPartition(
                "sluice_sync_partition_oldest_in_flight_seconds",
                "For how long the oldest record that is not done has been in flight",
                state -> true,
                state -> state.inFlight() == 0 ? 0 : (System.nanoTime() - state.oldestNanos()) / NANOS);
        perPartition(
                "sluice_sync_partition_replaying",
                "1 while an operator's replay has not caught up",
                state -> true,
                state -> state.replayUntil() == StreamStatus.UNKNOWN ? 0 : 1);
    }

    private void perPartition(
            String name, String help, Predicate<PartitionState> known, ToDoubleFunction<PartitionState> value) {
        metrics.gaugePerPartition(
                name,
                help,
                () -> stream.control().status().partitions().stream()
                        .filter(known)
                        .collect(toMap(PartitionState::partition, value::applyAsDouble)));
    }
}
