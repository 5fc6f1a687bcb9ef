package io.sluice.sync.operate;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.sluice.proto.v1.AdminGrpc;
import io.sluice.proto.v1.PartitionStatus;
import io.sluice.proto.v1.SyncPauseRequest;
import io.sluice.proto.v1.SyncPauseResponse;
import io.sluice.proto.v1.SyncReplayRequest;
import io.sluice.proto.v1.SyncReplayResponse;
import io.sluice.proto.v1.SyncStatusRequest;
import io.sluice.proto.v1.SyncStatusResponse;
import io.sluice.sync.kafka.ReplayRefusedException;
import io.sluice.sync.kafka.StreamControl;
import io.sluice.sync.kafka.StreamControl.Replay;
import io.sluice.sync.kafka.StreamStatus.PartitionState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The Admin service of a sync service. Safe for use by many threads; a replay blocks its caller until the poll thread
 * has begun it, so it must not run on a network thread.
 */
public final class OperatorService extends AdminGrpc.AdminImplBase {
    private final StreamControl control;
    private final Supplier<SyncStatusResponse> status;
    private final Duration replayPatience;
    private final InstantSource clock;

    /** @param replayPatience how long a replay may take until it begins */
    public OperatorService(
            StreamControl control, Supplier<SyncStatusResponse> status, Duration replayPatience, InstantSource clock) {
        this.control = requireNonNull(control, "control is null");
        this.status = requireNonNull(status, "status is null");
        this.replayPatience = requireNonNull(replayPatience, "replayPatience is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    @Override
    public void syncStatus(SyncStatusRequest request, StreamObserver<SyncStatusResponse> out) {
        out.onNext(status.get());
        out.onCompleted();
    }

    @Override
    public void syncPause(SyncPauseRequest request, StreamObserver<SyncPauseResponse> out) {
        control.pause(request.getPaused());
        long inFlight = control.status().partitions().stream()
                .mapToLong(PartitionState::inFlight)
                .sum();
        out.onNext(SyncPauseResponse.newBuilder().setInFlightRecords(inFlight).build());
        out.onCompleted();
    }

    @Override
    public void syncReplay(SyncReplayRequest request, StreamObserver<SyncReplayResponse> out) {
        try {
            SyncReplayResponse.Builder answer = SyncReplayResponse.newBuilder();
            replay(request).forEach(replay -> answer.addPartitions(partition(replay)));
            out.onNext(answer.build());
            out.onCompleted();
        } catch (StatusRuntimeException e) {
            out.onError(e);
        }
    }

    private List<Replay> replay(SyncReplayRequest request) {
        Instant from = Instant.ofEpochMilli(request.getFromMillis());
        if (request.getFromMillis() <= 0 || from.isAfter(clock.instant())) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("from_millis is " + request.getFromMillis()
                            + ": give milliseconds since 1970 of a time that has passed")
                    .asRuntimeException();
        }
        CompletableFuture<List<Replay>> replay = control.replay(from);
        try {
            return replay.get(replayPatience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = requireNonNullElse(e.getCause(), e);
            Status refused = cause instanceof ReplayRefusedException ? Status.FAILED_PRECONDITION : Status.INTERNAL;
            throw refused.withDescription(String.valueOf(cause.getMessage()))
                    .withCause(e)
                    .asRuntimeException();
        } catch (TimeoutException e) {
            replay.cancel(false);
            throw Status.FAILED_PRECONDITION
                    .withDescription("The stream is not polled, so the replay did not begin within "
                            + replayPatience.toSeconds() + " s: sync status says why")
                    .withCause(e)
                    .asRuntimeException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            replay.cancel(false);
            throw Status.UNAVAILABLE
                    .withDescription("The service stops")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static PartitionStatus partition(Replay replay) {
        return PartitionStatus.newBuilder()
                .setTopic(replay.partition().topic())
                .setPartition(replay.partition().number())
                .setCommittedOffset(replay.from())
                .setPositionOffset(replay.from())
                .setLagRecords(-1)
                .setReplayUntilOffset(replay.until())
                .build();
    }
}
