package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.Admission;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CopyMessages;
import io.sluice.node.read.Holdings;
import io.sluice.node.record.FlightRecorder;
import io.sluice.node.record.KeyEvent;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.ReplicateRequest;
import io.sluice.proto.v1.ReplicateResponse;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import io.sluice.store.StoreKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes copies that owners send to this replica. A copy passes the same fence as an own load; one without a stamp is
 * never kept, since nothing could be said about it.
 *
 * <p>A full batch is too much for a network thread, which others' packets wait for. So batches are handed off, one of a
 * stream at a time, and no more are received meanwhile.
 *
 * <p>Thread-safe. Streams have no end of their own, so {@link #close} ends them: a server that stops does not wait for
 * them.
 */
public final class CopyReceiver implements AutoCloseable {
    private final Holdings holdings;
    private final Admission admission;
    private final PeerHeaders headers;
    private final Requests requests;
    private final PendingReads pending;
    private final FlightRecorder recorder;
    private final LongSupplier nanoClock;
    private final Set<Incoming> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public CopyReceiver(
            Holdings holdings,
            PeerHeaders headers,
            Requests requests,
            PendingReads pending,
            FlightRecorder recorder,
            LongSupplier nanoClock) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.admission = new Admission(holdings);
        this.headers = requireNonNull(headers, "headers is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.pending = requireNonNull(pending, "pending is null");
        this.recorder = requireNonNull(recorder, "recorder is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    StreamObserver<ReplicateRequest> stream(StreamObserver<ReplicateResponse> reply) {
        ServerCallStreamObserver<ReplicateResponse> call = (ServerCallStreamObserver<ReplicateResponse>) reply;
        Incoming incoming = new Incoming(call);
        call.disableAutoRequest();
        call.setOnCancelHandler(incoming::cancelled);
        call.request(1);
        open.add(incoming);
        if (closed) {
            incoming.end(Failures.stopping());
        }
        return incoming;
    }

    /**
     * One stream. A batch is applied on a thread of its own and the next one is asked for afterwards; the stream's end
     * can come from either side at any time, and once.
     */
    private final class Incoming implements StreamObserver<ReplicateRequest> {
        private final ServerCallStreamObserver<ReplicateResponse> reply;
        private boolean applying;
        private boolean completed;
        private boolean ended;

        Incoming(ServerCallStreamObserver<ReplicateResponse> reply) {
            this.reply = reply;
        }

        @Override
        public synchronized void onNext(ReplicateRequest batch) {
            if (ended) {
                return;
            }
            applying = true;
            long receivedNanos = nanoClock.getAsLong();
            Topology since = holdings.topology();
            pending.submitCopies(() -> apply(batch, since, receivedNanos), this::end);
        }

        private void apply(ReplicateRequest batch, Topology since, long receivedNanos) {
            try {
                applied(accept(batch, since, receivedNanos));
            } catch (RuntimeException | Error e) {
                end(PendingReads.failure(e));
            }
        }

        private synchronized void applied(ReplicateResponse response) {
            applying = false;
            if (ended) {
                return;
            }
            reply.onNext(response);
            if (completed) {
                end(null);
            } else {
                reply.request(1);
            }
        }

        /** The sender is gone or has given up; it opens another stream when it has more. */
        synchronized void cancelled() {
            ended = true;
            open.remove(this);
        }

        @Override
        public void onError(Throwable failure) {
            cancelled();
        }

        @Override
        public synchronized void onCompleted() {
            completed = true;
            if (!applying) {
                end(null);
            }
        }

        synchronized void end(@Nullable StatusRuntimeException failure) {
            open.remove(this);
            if (ended) {
                return;
            }
            ended = true;
            if (failure == null) {
                reply.onCompleted();
            } else {
                reply.onError(failure);
            }
        }
    }

    /** Ends all streams, and each that is opened from now on. */
    @Override
    public void close() {
        closed = true;
        open.forEach(incoming -> incoming.end(Failures.stopping()));
    }

    private ReplicateResponse accept(ReplicateRequest batch, Topology since, long receivedNanos) {
        int refused = 0;
        for (Copy copy : batch.getCopiesList()) {
            refused += keep(copy, batch.getHeader().getSender(), since, receivedNanos) ? 0 : 1;
        }
        return ReplicateResponse.newBuilder()
                .setReceipt(headers.receipt())
                .setSequence(batch.getSequence())
                .setRefused(refused)
                .build();
    }

    private boolean keep(Copy copy, String sender, Topology since, long receivedNanos) {
        CacheGroup group = requests.groups().find(copy.getGroup());
        SourcePosition stamp = requests.position(copy.getStamp());
        if (group == null || stamp.isUnknown() || copy.getTtlMillis() <= 0) {
            return false;
        }
        if (!group.isDefinedAs(copy.getDefinition())) {
            return false;
        }
        CacheEntry entry = CopyMessages.unasked(copy, group, stamp, receivedNanos);
        StoreKey key = group.storeKey(copy.getKey());
        recorder.note(key.hash(), KeyEvent.COPY, stamp, sender);
        PutResult result = admission.keep(group, key, entry, since);
        return result == PutResult.STORED || result == PutResult.SUPERSEDED;
    }
}
