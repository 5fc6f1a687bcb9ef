package io.sluice.sync.operate;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.proto.v1.NodeQueueStatus;
import io.sluice.proto.v1.PartitionStatus;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.SyncStatusResponse;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.LaneStatus;
import io.sluice.sync.kafka.ChangeStream;
import io.sluice.sync.kafka.StreamStatus;
import io.sluice.sync.kafka.StreamStatus.PartitionState;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Puts the state of the service into one message. Safe for use by many threads. Keeps nothing. */
public final class StatusAnswer implements Supplier<SyncStatusResponse> {
    private final String name;
    private final ChangeStream stream;
    private final Dispatcher dispatcher;
    private final Supplier<Map<Partition, Duration>> lags;
    private final Supplier<Optional<String>> reasonNotReady;
    private final LongSupplier nanoClock;

    public StatusAnswer(
            String name,
            ChangeStream stream,
            Dispatcher dispatcher,
            Supplier<Map<Partition, Duration>> lags,
            Supplier<Optional<String>> reasonNotReady,
            LongSupplier nanoClock) {
        this.name = requireNonNull(name, "name is null");
        this.stream = requireNonNull(stream, "stream is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.lags = requireNonNull(lags, "lags is null");
        this.reasonNotReady = requireNonNull(reasonNotReady, "reasonNotReady is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    @Override
    public SyncStatusResponse get() {
        StreamStatus status = stream.control().status();
        long now = nanoClock.getAsLong();
        SyncStatusResponse.Builder answer = SyncStatusResponse.newBuilder()
                .setName(name)
                .setNotReady(reasonNotReady.get().orElse(""))
                .setPaused(stream.control().isPaused())
                .setThrottled(status.throttled())
                .setRulesFingerprint(status.rulesFingerprint())
                .setGroupsToClear(stream.groupsToClear())
                .setTopologyRevision(dispatcher.revision())
                .setAgeMillis(millis(now - status.takenNanos()));
        Map<Partition, Duration> known = lags.get();
        status.partitions().forEach(state -> answer.addPartitions(partition(state, now, known)));
        dispatcher.lanes().stream()
                .sorted(Comparator.comparing(lane -> lane.member().name()))
                .forEach(lane -> answer.addNodes(node(lane, now)));
        return answer.build();
    }

    private static PartitionStatus partition(PartitionState state, long now, Map<Partition, Duration> known) {
        PartitionStatus.Builder status = PartitionStatus.newBuilder()
                .setTopic(state.partition().topic())
                .setPartition(state.partition().number())
                .setCommittedOffset(state.committedOffset())
                .setPositionOffset(state.positionOffset())
                .setLagRecords(state.lagRecords())
                .setInFlightRecords(state.inFlight());
        if (!state.position().isEmpty()) {
            status.setPosition(Position.newBuilder().setGtidSet(state.position()));
        }
        Duration lag = known.get(state.partition());
        if (lag != null) {
            status.setLagMillis(lag.toMillis());
        }
        if (state.inFlight() > 0) {
            status.setOldestInFlightMillis(millis(now - state.oldestNanos()));
        }
        if (state.replayUntil() != StreamStatus.UNKNOWN) {
            status.setReplayUntilOffset(state.replayUntil());
        }
        return status.build();
    }

    private static NodeQueueStatus node(LaneStatus lane, long now) {
        NodeQueueStatus.Builder status = NodeQueueStatus.newBuilder()
                .setNode(lane.member().name())
                .setIncarnation(lane.member().incarnation())
                .setQueuedRemovals(lane.waiting())
                .setUnacknowledgedRemovals(lane.unacknowledged())
                .setRunningCalls(lane.callsRunning())
                .setFailing(lane.failing());
        if (lane.everAcknowledged()) {
            status.setLastAcknowledgedMillis(millis(now - lane.lastAckNanos()));
        }
        return status.build();
    }

    private static long millis(long nanos) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
    }
}
