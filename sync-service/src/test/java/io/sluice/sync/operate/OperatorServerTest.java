package io.sluice.sync.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.config.Address;
import io.sluice.proto.v1.AdminGrpc;
import io.sluice.proto.v1.AdminGrpc.AdminBlockingStub;
import io.sluice.proto.v1.LookupRequest;
import io.sluice.proto.v1.SyncPauseRequest;
import io.sluice.proto.v1.SyncReplayRequest;
import io.sluice.proto.v1.SyncStatusRequest;
import io.sluice.proto.v1.SyncStatusResponse;
import io.sluice.sync.kafka.StreamControl;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gRPC side of operators' commands, beside a stream that nobody polls. */
final class OperatorServerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SyncStatusResponse STATUS =
            SyncStatusResponse.newBuilder().setName("sync-1").build();

    private final StreamControl control = new StreamControl();
    private final OperatorServer server = OperatorServer.start(
            Address.onLoopback(0),
            new OperatorService(control, () -> STATUS, Duration.ofMillis(50), InstantSource.fixed(NOW)));
    private final ManagedChannel channel = Grpc.newChannelBuilder(
                    "127.0.0.1:" + server.port(), InsecureChannelCredentials.create())
            .build();
    private final AdminBlockingStub admin = AdminGrpc.newBlockingStub(channel);

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        server.close();
    }

    @Test
    void statusIsAnswered() {
        assertThat(admin.syncStatus(SyncStatusRequest.getDefaultInstance())).isEqualTo(STATUS);
    }

    @Test
    void pauseAndResumeArePassedOn() {
        assertThat(admin.syncPause(SyncPauseRequest.newBuilder().setPaused(true).build())
                        .getInFlightRecords())
                .isZero();
        assertThat(control.isPaused()).isTrue();
        var _ = admin.syncPause(SyncPauseRequest.newBuilder().setPaused(false).build());
        assertThat(control.isPaused()).isFalse();
    }

    @Test
    void aReplayThatNobodyBeginsIsGivenUp() {
        assertRefused(NOW.minusSeconds(60).toEpochMilli(), Status.Code.FAILED_PRECONDITION, "not polled");
        // The next one finds the place free.
        assertRefused(NOW.minusSeconds(60).toEpochMilli(), Status.Code.FAILED_PRECONDITION, "not polled");
    }

    @Test
    void aTimeThatHasNotPassedIsRefused() {
        assertRefused(NOW.plusSeconds(1).toEpochMilli(), Status.Code.INVALID_ARGUMENT, "a time that has passed");
        assertRefused(0, Status.Code.INVALID_ARGUMENT, "a time that has passed");
    }

    @Test
    void whatNodesAnswerIsUnimplemented() {
        assertThatThrownBy(() -> admin.lookup(LookupRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNIMPLEMENTED");
    }

    @Test
    void aPortThatIsTakenIsAnErrorThatSaysWhatToDo() {
        assertThatThrownBy(() -> OperatorServer.start(
                        Address.onLoopback(server.port()),
                        new OperatorService(control, () -> STATUS, Duration.ZERO, InstantSource.system())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("set listen.port to another one");
    }

    private void assertRefused(long fromMillis, Status.Code code, String reason) {
        assertThatThrownBy(() -> admin.syncReplay(
                        SyncReplayRequest.newBuilder().setFromMillis(fromMillis).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(reason);
    }
}
