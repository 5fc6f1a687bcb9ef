package io.sluice.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.LeaseGet;
import io.sluice.proto.v1.LeaseGrant;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import io.sluice.proto.v1.LeaseRevoke;
import io.sluice.proto.v1.LeaseRevoked;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A lease holder that does what the test says: it confirms only when told to. */
final class LeaseHolderUnderTest implements StreamObserver<LeaseResponse> {
    final BlockingQueue<LeaseResponse> received = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();
    final StreamObserver<LeaseRequest> requests;
    private long lastId;

    LeaseHolderUnderTest(Function<StreamObserver<LeaseResponse>, StreamObserver<LeaseRequest>> open) {
        requests = open.apply(this);
    }

    void ask(String key) {
        ask(key, 0);
    }

    void ask(String key, long definition) {
        requests.onNext(LeaseRequest.newBuilder()
                .setGet(LeaseGet.newBuilder()
                        .setId(++lastId)
                        .setGet(GetRequest.newBuilder()
                                .setGroup(NodeUnderTest.GROUP)
                                .setKey(key))
                        .setWantedMillis(60_000)
                        .setDefinition(definition))
                .build());
    }

    LeaseGrant get(String key) throws InterruptedException {
        ask(key);
        return grant();
    }

    LeaseGrant grant() throws InterruptedException {
        LeaseResponse response = next();
        assertThat(response.hasGrant()).as("%s", response).isTrue();
        return response.getGrant();
    }

    LeaseRevoke revocation() throws InterruptedException {
        LeaseResponse response = next();
        assertThat(response.hasRevoke()).as("%s", response).isTrue();
        return response.getRevoke();
    }

    private LeaseResponse next() throws InterruptedException {
        @Nullable LeaseResponse response = received.poll(10, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("nothing came");
        }
        return response;
    }

    void confirm(LeaseRevoke revoke) {
        requests.onNext(LeaseRequest.newBuilder()
                .setRevoked(LeaseRevoked.newBuilder().setRevocation(revoke.getRevocation()))
                .build());
    }

    @Override
    public void onNext(LeaseResponse response) {
        received.add(response);
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        ended.complete(Status.OK);
    }
}
