package io.sluice.sync.dispatch;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Member;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.RemovalResult;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one long-lived connection to a node. Safe for use by many threads; {@link #remove} blocks its caller for at most
 * the timeout. Invariant: a call ends in an outcome, never in an exception.
 */
final class PeerChannel implements AutoCloseable {
    private static final MethodDescriptor<byte[], PeerRemoveResponse> REMOVE = PeerGrpc.getRemoveMethod().toBuilder(
                    new EncodedRequest(), PeerGrpc.getRemoveMethod().getResponseMarshaller())
            .build();

    private static final Logger log = LoggerFactory.getLogger(PeerChannel.class);
    /** More than one instance has partitions; a node that does not answer is told no more than that for a timeout. */
    private static final int MOST_TOLD = 4_096;

    private final AtomicInteger telling = new AtomicInteger();
    private final ManagedChannel channel;
    private final long timeoutNanos;

    PeerChannel(Member member, Duration timeout) {
        this.channel = Grpc.newChannelBuilderForAddress(
                        member.host(), member.port(), InsecureChannelCredentials.create())
                .build();
        this.timeoutNanos = timeout.toNanos();
        // Connects now, so that the first removal does not wait for it.
        channel.getState(true);
    }

    /** Sends one batch, an encoded {@link io.sluice.proto.v1.PeerRemoveRequest}, and waits for the answer. */
    RemoveOutcome remove(byte[] request) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
        try {
            PeerRemoveResponse response = ClientCalls.blockingUnaryCall(channel, REMOVE, options, request);
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

    /**
     * Tells a position, without waiting; it may be lost, and another one comes soon.
     *
     * @param answered runs on a thread of the channel; must not block
     */
    void tell(ApplyPositionRequest request, Consumer<ApplyPositionResponse> answered) {
        if (telling.get() >= MOST_TOLD) {
            return;
        }
        telling.incrementAndGet();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
        ClientCall<ApplyPositionRequest, ApplyPositionResponse> call =
                channel.newCall(PeerGrpc.getApplyPositionMethod(), options);
        ClientCalls.asyncUnaryCall(call, request, new StreamObserver<>() {
            @Override
            public void onNext(ApplyPositionResponse response) {
                answered.accept(response);
            }

            @Override
            public void onError(Throwable failure) {
                log.debug("A position was not told", failure);
                telling.decrementAndGet();
            }

            @Override
            public void onCompleted() {
                telling.decrementAndGet();
            }
        });
    }

    /** Ends the connection; a call that runs ends as failed. */
    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Requests that are bytes already. */
    private static final class EncodedRequest implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] request) {
            return new ByteArrayInputStream(request);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("requests are only sent here");
        }
    }
}
