package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.Admission;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CopyMessages;
import io.sluice.node.read.Holdings;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.ReplicateRequest;
import io.sluice.proto.v1.ReplicateResponse;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes copies that owners send to this replica. A copy passes the same fence as an own load; one without a stamp is
 * never kept, since nothing could be said about it.
 *
 * <p>Thread-safe. Streams have no end of their own, so {@link #close} ends them: a server that stops does not wait for
 * them.
 */
public final class CopyReceiver implements AutoCloseable {
    private final Holdings holdings;
    private final Admission admission;
    private final PeerHeaders headers;
    private final Requests requests;
    private final LongSupplier nanoClock;
    private final Set<Incoming> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public CopyReceiver(Holdings holdings, PeerHeaders headers, Requests requests, LongSupplier nanoClock) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.admission = new Admission(holdings);
        this.headers = requireNonNull(headers, "headers is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    StreamObserver<ReplicateRequest> stream(StreamObserver<ReplicateResponse> reply) {
        Incoming incoming = new Incoming(reply);
        open.add(incoming);
        if (closed) {
            incoming.end(Failures.stopping());
        }
        return incoming;
    }

    /** One stream. Batches arrive one after the other; its end can come from either side at any time, and once. */
    private final class Incoming implements StreamObserver<ReplicateRequest> {
        private final StreamObserver<ReplicateResponse> reply;
        private boolean ended;

        Incoming(StreamObserver<ReplicateResponse> reply) {
            this.reply = reply;
        }

        @Override
        public synchronized void onNext(ReplicateRequest batch) {
            if (ended) {
                return;
            }
            try {
                reply.onNext(accept(batch));
            } catch (RuntimeException e) {
                end(PendingReads.failure(e));
            }
        }

        /** The sender is gone or has given up; it opens another stream when it has more. */
        @Override
        public synchronized void onError(Throwable failure) {
            ended = true;
            open.remove(this);
        }

        @Override
        public void onCompleted() {
            end(null);
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

    private ReplicateResponse accept(ReplicateRequest batch) {
        int refused = 0;
        for (Copy copy : batch.getCopiesList()) {
            refused += keep(copy) ? 0 : 1;
        }
        return ReplicateResponse.newBuilder()
                .setReceipt(headers.receipt())
                .setSequence(batch.getSequence())
                .setRefused(refused)
                .build();
    }

    private boolean keep(Copy copy) {
        CacheGroup group = requests.groups().find(copy.getGroup());
        SourcePosition stamp = requests.position(copy.getStamp());
        if (group == null || stamp.isUnknown() || copy.getTtlMillis() <= 0) {
            return false;
        }
        // The time it travelled is not known; the fence's hold is longer than that.
        CacheEntry entry = CopyMessages.entry(copy, group, stamp, nanoClock.getAsLong());
        PutResult result = admission.keep(group, group.storeKey(copy.getKey()), entry, holdings.topology());
        return result == PutResult.STORED || result == PutResult.SUPERSEDED;
    }
}
