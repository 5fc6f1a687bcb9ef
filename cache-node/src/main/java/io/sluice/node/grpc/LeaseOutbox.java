package io.sluice.node.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.sluice.node.Failures;
import io.sluice.proto.v1.LeaseResponse;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one lease holder, in the order in which it was decided. Anybody may add, under whatever lock;
 * sending is another step, done by one thread at a time, and only what the connection takes.
 *
 * <p>A holder that does not read is cut off: its leases end by time. Thread-safe; never blocks.
 */
final class LeaseOutbox {
    static final int MOST_MESSAGES = 20_000;
    static final long MOST_BYTES = 32 << 20;

    private final ServerCallStreamObserver<LeaseResponse> call;
    private final ArrayDeque<LeaseResponse> queue = new ArrayDeque<>();
    private long bytes;
    private boolean sending;
    private boolean ended;
    private boolean told;
    private @Nullable StatusRuntimeException failure;

    LeaseOutbox(ServerCallStreamObserver<LeaseResponse> call) {
        this.call = call;
    }

    synchronized void add(LeaseResponse message) {
        if (ended) {
            return;
        }
        queue.add(message);
        bytes += message.getSerializedSize();
        if (queue.size() > MOST_MESSAGES || bytes > MOST_BYTES) {
            endLater(Failures.exhausted("The lease stream is not read: " + queue.size() + " messages with " + bytes
                    + " bytes wait. Drop all copies, and open another stream"));
        }
    }

    /** Sends what the connection takes now. To be called after {@link #add} and when it takes more again. */
    void flush() {
        while (true) {
            LeaseResponse next;
            synchronized (this) {
                if (sending) {
                    return;
                }
                next = ended || !call.isReady() ? null : queue.poll();
                if (next == null && !(ended && !told)) {
                    return;
                }
                told = ended;
                sending = true;
                bytes -= next == null ? 0 : next.getSerializedSize();
            }
            try {
                send(next);
            } finally {
                synchronized (this) {
                    sending = false;
                }
            }
        }
    }

    /** Null: says that this was all. */
    private void send(@Nullable LeaseResponse next) {
        StatusRuntimeException reason = failure;
        try {
            if (next != null) {
                call.onNext(next);
            } else if (reason == null) {
                call.onCompleted();
            } else {
                call.onError(reason);
            }
        } catch (StatusRuntimeException | IllegalStateException e) {
            // The holder has gone meanwhile.
            gone();
        }
    }

    /** Ends the stream with the next {@link #flush}; what is not sent yet never will be. Null: nothing went wrong. */
    synchronized void endLater(@Nullable StatusRuntimeException why) {
        if (!ended) {
            ended = true;
            failure = why;
            queue.clear();
        }
    }

    /** Whether nothing that is added is sent any more: a load that ends later must not lend to nobody. */
    synchronized boolean isEnded() {
        return ended;
    }

    /** The stream is broken: nobody is there to be told. */
    synchronized void gone() {
        ended = true;
        told = true;
        queue.clear();
    }
}
