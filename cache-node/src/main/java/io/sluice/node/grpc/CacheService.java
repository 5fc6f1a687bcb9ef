package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import io.sluice.node.read.CacheGroup;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.GetManyResponse;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.GetResponse;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import io.sluice.proto.v1.PutRequest;
import io.sluice.proto.v1.PutResponse;
import io.sluice.proto.v1.RemoveGroupRequest;
import io.sluice.proto.v1.RemoveGroupResponse;
import io.sluice.proto.v1.RemoveRequest;
import io.sluice.proto.v1.RemoveResponse;
import java.util.function.Supplier;

/** {@code sluice.v1.Cache}: what applications call. What it does not override answers UNIMPLEMENTED. Thread-safe. */
public final class CacheService extends CacheGrpc.CacheImplBase {
    private final Requests requests;
    private final SingleReads singles;
    private final BatchReads batches;
    private final PutRequests puts;
    private final ClusterRemovals removals;
    private final LeaseStreams leases;
    private final PendingReads pending;

    public CacheService(
            Requests requests,
            SingleReads singles,
            BatchReads batches,
            PutRequests puts,
            ClusterRemovals removals,
            LeaseStreams leases,
            PendingReads pending) {
        this.requests = requireNonNull(requests, "requests is null");
        this.singles = requireNonNull(singles, "singles is null");
        this.batches = requireNonNull(batches, "batches is null");
        this.puts = requireNonNull(puts, "puts is null");
        this.removals = requireNonNull(removals, "removals is null");
        this.leases = requireNonNull(leases, "leases is null");
        this.pending = requireNonNull(pending, "pending is null");
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> reply) {
        singles.answer(
                () -> requests.read(request.getGroup(), request.getKey(), request.getOptions(), false),
                reply,
                answer -> GetResponse.newBuilder().setAnswer(answer).build());
    }

    @Override
    public void getMany(GetManyRequest request, StreamObserver<GetManyResponse> reply) {
        batches.answer(
                request,
                false,
                reply,
                results -> GetManyResponse.newBuilder().addAllResults(results).build());
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> reply) {
        checked(reply, () -> {
            PutRequests.Put put = puts.check(request, false);
            return () -> PutResponse.newBuilder().setAdmitted(puts.apply(put)).build();
        });
    }

    @Override
    public void remove(RemoveRequest request, StreamObserver<RemoveResponse> reply) {
        checked(reply, () -> {
            CacheGroup group = requests.groups().require(request.getGroup());
            requests.checkBatch(request.getKeysCount() + request.getTagsCount());
            request.getKeysList().forEach(key -> requests.storeKey(group, key));
            request.getTagsList().forEach(tag -> requests.checkTag(group, tag));
            requests.position(request.getPosition());
            Deadline deadline = requests.deadline();
            return () -> RemoveResponse.newBuilder()
                    .setAcknowledged(removals.remove(
                            group, request.getKeysList(), request.getTagsList(), request.getPosition(), deadline))
                    .build();
        });
    }

    @Override
    public void removeGroup(RemoveGroupRequest request, StreamObserver<RemoveGroupResponse> reply) {
        checked(reply, () -> {
            CacheGroup group = requests.groups().require(request.getGroup());
            requests.position(request.getPosition());
            Deadline deadline = requests.deadline();
            return () -> RemoveGroupResponse.newBuilder()
                    .setAcknowledged(removals.removeGroup(group, request.getPosition(), deadline))
                    .build();
        });
    }

    @Override
    public StreamObserver<LeaseRequest> lease(StreamObserver<LeaseResponse> reply) {
        return leases.stream(reply, false);
    }

    /** Checks the request on the network thread and does the work on one that may block. */
    private <T> void checked(StreamObserver<T> reply, Supplier<Supplier<T>> check) {
        Supplier<T> work;
        try {
            work = check.get();
        } catch (RuntimeException e) {
            reply.onError(PendingReads.failure(e));
            return;
        }
        pending.submit(reply, work);
    }
}
