package io.sluice.node.peer;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.proto.v1.ReplicateRequest;
import io.sluice.proto.v1.ReplicateResponse;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One replication stream to one peer, one batch in flight at a time. Used by one thread; answers arrive on a network
 * thread. After a failure the stream is of no more use.
 */
final class CopyStream implements AutoCloseable {
    private static final long ACKNOWLEDGEMENT_SECONDS = 5;

    /** Either an acknowledgement or the end of the stream. */
    private record Event(@Nullable ReplicateResponse response, String end) {}

    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(16);
    private final StreamObserver<ReplicateRequest> requests;
    private long sequence;

    CopyStream(ManagedChannel channel) {
        this.requests = PeerGrpc.newStub(channel).replicate(new StreamObserver<>() {
            @Override
            public void onNext(ReplicateResponse response) {
                offer(new Event(response, ""));
            }

            @Override
            public void onError(Throwable failure) {
                // Not the status as text: that would bring a stack trace along.
                Status status = Status.fromThrowable(failure);
                offer(new Event(null, status.getCode() + ", " + status.getDescription()));
            }

            @Override
            public void onCompleted() {
                offer(new Event(null, "the peer ended the stream"));
            }
        });
    }

    /** A peer that says more than it was asked is not waited for: what does not fit is not needed. */
    private void offer(Event event) {
        if (!events.offer(event)) {
            requests.onError(Status.CANCELLED.asRuntimeException());
        }
    }

    /**
     * Sends a batch and waits for its acknowledgement.
     *
     * @return how many copies the peer did not keep
     * @throws CopyFailedException when the stream broke or the peer was silent for too long
     */
    int send(PeerHeader header, List<Copy> batch) throws CopyFailedException, InterruptedException {
        sequence++;
        requests.onNext(ReplicateRequest.newBuilder()
                .setHeader(header)
                .setSequence(sequence)
                .addAllCopies(batch)
                .build());
        while (true) {
            Event event = events.poll(ACKNOWLEDGEMENT_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new CopyFailedException("no acknowledgement within " + ACKNOWLEDGEMENT_SECONDS + " s");
            }
            ReplicateResponse response = event.response();
            if (response == null) {
                throw new CopyFailedException(event.end());
            }
            if (response.getSequence() >= sequence) {
                return response.getRefused();
            }
        }
    }

    @Override
    public void close() {
        requests.onError(Status.CANCELLED.withDescription("replication ends").asRuntimeException());
    }

    /** The stream broke; its copies may or may not have arrived. */
    static final class CopyFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        CopyFailedException(String message) {
            super(message);
        }
    }
}
