package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sluice.node.Failures;
import io.sluice.node.lease.Leases;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadPath;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.LeaseGet;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of those who keep copies under lease, clients and other nodes: a bounded number of them. Thread-safe.
 *
 * <p>Streams have no end of their own, so {@link #close} ends them: a server that stops does not wait for them.
 */
public final class LeaseStreams implements AutoCloseable {
    private static final StreamObserver<LeaseRequest> REFUSED = new StreamObserver<>() {
        @Override
        public void onNext(LeaseRequest request) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    };

    private final Requests requests;
    private final ReadPath path;
    private final Leases leases;
    private final PendingReads pending;
    private final int most;
    private final Set<LeaseSession> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param most most streams at a time */
    public LeaseStreams(Requests requests, ReadPath path, Leases leases, PendingReads pending, int most) {
        this.requests = requireNonNull(requests, "requests is null");
        this.path = requireNonNull(path, "path is null");
        this.leases = requireNonNull(leases, "leases is null");
        this.pending = requireNonNull(pending, "pending is null");
        this.most = most;
    }

    /** @param forwarded whether it is another node's, whose reads are answered here */
    StreamObserver<LeaseRequest> stream(StreamObserver<LeaseResponse> reply, boolean forwarded) {
        if (open.size() >= most) {
            reply.onError(Failures.exhausted(
                    "The node has " + most + " lease streams (leases.streams): read without leases, or raise it"));
            return REFUSED;
        }
        LeaseSession session = new LeaseSession(this, forwarded, (ServerCallStreamObserver<LeaseResponse>) reply);
        open.add(session);
        if (closed) {
            session.end(Failures.stopping());
        }
        return session;
    }

    /**
     * The read that a holder asks for.
     *
     * @throws io.grpc.StatusRuntimeException what it is told: FAILED_PRECONDITION while the rules change and it goes by
     *     another definition of the group
     */
    Read read(LeaseGet request, boolean forwarded) {
        GetRequest get = request.getGet();
        Read read = requests.read(get.getGroup(), get.getKey(), get.getOptions(), forwarded);
        CacheGroup group = read.group();
        if (request.getDefinition() != 0 && !group.isDefinedAs(request.getDefinition())) {
            throw Failures.failedPrecondition("The node goes by another definition of the group: ask another one");
        }
        return read;
    }

    Leases leases() {
        return leases;
    }

    ReadPath path() {
        return path;
    }

    PendingReads pending() {
        return pending;
    }

    void ended(LeaseSession session) {
        open.remove(session);
    }

    /** How many streams there are. */
    public int size() {
        return open.size();
    }

    /** Ends all streams, and each that is opened from now on. */
    @Override
    public void close() {
        closed = true;
        open.forEach(session -> session.end(Failures.stopping()));
    }
}
