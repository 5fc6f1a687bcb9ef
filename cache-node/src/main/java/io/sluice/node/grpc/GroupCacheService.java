package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import io.sluice.node.Failures;
import io.sluice.proto.groupcache.GetRequest;
import io.sluice.proto.groupcache.GetResponse;
import io.sluice.proto.groupcache.GroupCacheGrpc;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.ReadOptions;

/**
 * {@code groupcachepb.GroupCache}: for clients that speak that contract already. It has no word for a missing row, so
 * that is the status NOT_FOUND here. Thread-safe.
 */
public final class GroupCacheService extends GroupCacheGrpc.GroupCacheImplBase {
    private final Requests requests;
    private final SingleReads singles;

    public GroupCacheService(Requests requests, SingleReads singles) {
        this.requests = requireNonNull(requests, "requests is null");
        this.singles = requireNonNull(singles, "singles is null");
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> reply) {
        singles.answer(
                () -> requests.read(request.getGroup(), request.getKey(), ReadOptions.getDefaultInstance(), false),
                reply,
                GroupCacheService::response);
    }

    private static GetResponse response(Answer answer) {
        if (!answer.getFound()) {
            throw Failures.notFound("The source has no row for this key");
        }
        return GetResponse.newBuilder().setValue(answer.getValue()).build();
    }
}
