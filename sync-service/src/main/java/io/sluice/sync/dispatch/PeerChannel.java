package io.sluice.sync.dispatch;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.cluster.Member;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.RemovalResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The one long-lived connection to a node. Safe for use by many threads; {@link #remove} blocks its caller for at most
 * the timeout. Invariant: a call ends in an outcome, never in an exception.
 */
final class PeerChannel implements AutoCloseable {
    private final ManagedChannel channel;
    private final PeerGrpc.PeerBlockingStub stub;
    private final long timeoutNanos;

    PeerChannel(Member member, Duration timeout) {
        this.channel = Grpc.newChannelBuilderForAddress(
                        member.host(), member.port(), InsecureChannelCredentials.create())
                .build();
        this.stub = PeerGrpc.newBlockingStub(channel);
        this.timeoutNanos = timeout.toNanos();
        // Connects now, so that the first removal does not wait for it.
        channel.getState(true);
    }

    /** Sends one batch and waits for the answer. */
    RemoveOutcome remove(PeerRemoveRequest request) {
        try {
            PeerRemoveResponse response =
                    stub.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS).remove(request);
            int covered = 0;
            for (RemovalResult result : response.getResultsList()) {
                covered += result == RemovalResult.REMOVAL_RESULT_COVERED ? 1 : 0;
            }
            return new RemoveOutcome.Acknowledged(response.getReceipt().getTopologyRevision(), covered);
        } catch (StatusRuntimeException e) {
            // The retries of the lane say when to connect again, not the channel's own, much longer backoff.
            channel.resetConnectBackoff();
            Status status = e.getStatus();
            return status.getCode() == Status.Code.INVALID_ARGUMENT
                    ? new RemoveOutcome.Refused(String.valueOf(status.getDescription()))
                    : new RemoveOutcome.Failed(status.getCode().name(), String.valueOf(status.getDescription()));
        } catch (RuntimeException e) {
            return new RemoveOutcome.Failed(Status.Code.INTERNAL.name(), e.toString());
        }
    }

    /** Ends the connection; a call that runs ends as failed. */
    @Override
    public void close() {
        channel.shutdownNow();
    }
}
