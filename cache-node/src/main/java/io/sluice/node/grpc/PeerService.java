package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import io.sluice.node.Failures;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.CacheGroup;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.PeekResponse;
import io.sluice.proto.v1.PeerGetManyRequest;
import io.sluice.proto.v1.PeerGetManyResponse;
import io.sluice.proto.v1.PeerGetRequest;
import io.sluice.proto.v1.PeerGetResponse;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerPutRequest;
import io.sluice.proto.v1.PeerPutResponse;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.ReplicateRequest;
import io.sluice.proto.v1.ReplicateResponse;

/**
 * {@code sluice.v1.Peer}: what other nodes and the sync service call. What it does not override answers UNIMPLEMENTED.
 * Thread-safe.
 */
public final class PeerService extends PeerGrpc.PeerImplBase {
    private final PeerHeaders headers;
    private final Requests requests;
    private final SingleReads singles;
    private final BatchReads batches;
    private final PutRequests puts;
    private final LocalRemovals removals;
    private final CopyReceiver copies;
    private final PeekReader peeks;
    private final PositionReceiver positions;
    private final LeaseStreams leases;
    private final PendingReads pending;

    public PeerService(
            PeerHeaders headers,
            Requests requests,
            SingleReads singles,
            BatchReads batches,
            PutRequests puts,
            LocalRemovals removals,
            CopyReceiver copies,
            PeekReader peeks,
            PositionReceiver positions,
            LeaseStreams leases,
            PendingReads pending) {
        this.headers = requireNonNull(headers, "headers is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.singles = requireNonNull(singles, "singles is null");
        this.batches = requireNonNull(batches, "batches is null");
        this.puts = requireNonNull(puts, "puts is null");
        this.removals = requireNonNull(removals, "removals is null");
        this.copies = requireNonNull(copies, "copies is null");
        this.peeks = requireNonNull(peeks, "peeks is null");
        this.positions = requireNonNull(positions, "positions is null");
        this.leases = requireNonNull(leases, "leases is null");
        this.pending = requireNonNull(pending, "pending is null");
    }

    @Override
    public void get(PeerGetRequest request, StreamObserver<PeerGetResponse> reply) {
        GetRequest get = request.getGet();
        if (isOfOtherDefinition(get.getGroup(), request.getDefinition())) {
            PendingReads.answer(
                    reply,
                    () -> PeerGetResponse.newBuilder()
                            .setReceipt(headers.receipt())
                            .setOtherDefinition(true)
                            .build());
            return;
        }
        singles.answer(
                () -> requests.read(get.getGroup(), get.getKey(), get.getOptions(), request.getForwarded()),
                reply,
                answer -> PeerGetResponse.newBuilder()
                        .setReceipt(headers.receipt())
                        .setAnswer(answer)
                        .build());
    }

    @Override
    public void getMany(PeerGetManyRequest request, StreamObserver<PeerGetManyResponse> reply) {
        if (isOfOtherDefinition(request.getGetMany().getGroup(), request.getDefinition())) {
            PendingReads.answer(
                    reply,
                    () -> PeerGetManyResponse.newBuilder()
                            .setReceipt(headers.receipt())
                            .setOtherDefinition(true)
                            .build());
            return;
        }
        batches.answer(
                request.getGetMany(),
                request.getForwarded(),
                reply,
                results -> PeerGetManyResponse.newBuilder()
                        .setReceipt(headers.receipt())
                        .addAllResults(results)
                        .build());
    }

    /**
     * While the rules change, nodes differ for a moment: the sender asks another holder, or loads by its own
     * definition. A group that is not known here may be one that the sender has heard of first. A sender that names
     * none is of a release that does not know of definitions.
     */
    private boolean isOfOtherDefinition(String group, long definition) {
        CacheGroup known = requests.groups().find(group);
        return definition != 0 && (known == null || !known.isDefinedAs(definition));
    }

    @Override
    public void put(PeerPutRequest request, StreamObserver<PeerPutResponse> reply) {
        PendingReads.answer(
                reply,
                () -> PeerPutResponse.newBuilder()
                        .setAdmitted(puts.keep(puts.check(request.getPut(), true)))
                        .setReceipt(headers.receipt())
                        .build());
    }

    @Override
    public void peek(PeekRequest request, StreamObserver<PeekResponse> reply) {
        PendingReads.answer(reply, () -> peeks.peek(request));
    }

    @Override
    public void remove(PeerRemoveRequest request, StreamObserver<PeerRemoveResponse> reply) {
        if (!headers.addresses(request.getHeader())) {
            reply.onError(Failures.failedPrecondition(
                    "The removals are for another incarnation of this node: resolve the holders again"));
            return;
        }
        // No thread waits here, but a full batch is too much for one that others' packets wait for.
        pending.submitRemovalLater(
                reply,
                () -> removals.apply(request)
                        .thenApply(results -> PeerRemoveResponse.newBuilder()
                                .addAllResults(results)
                                .setReceipt(headers.receipt())
                                .build()));
    }

    @Override
    public void applyPosition(ApplyPositionRequest request, StreamObserver<ApplyPositionResponse> reply) {
        // New phantoms go through all fences, and what is demanded is in all segments.
        pending.submitRemoval(reply, () -> positions.apply(request));
    }

    @Override
    public StreamObserver<ReplicateRequest> replicate(StreamObserver<ReplicateResponse> reply) {
        return copies.stream(reply);
    }

    @Override
    public StreamObserver<LeaseRequest> lease(StreamObserver<LeaseResponse> reply) {
        return leases.stream(reply, true);
    }
}
