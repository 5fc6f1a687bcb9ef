package io.sluice.sync.dispatch;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Member;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerReceipt;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.RemovalResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A holder behind a real gRPC server on loopback that remembers what it was told. */
public final class FakeNode implements AutoCloseable {
    private final Server server;
    private final Member member;
    public final List<PeerRemoveRequest> requests = new CopyOnWriteArrayList<>();
    /** Positions that it was told. */
    public final List<ApplyPositionRequest> positions = new CopyOnWriteArrayList<>();
    /** What to answer; OK acknowledges. */
    public volatile Function<PeerRemoveRequest, Status> behaviour = request -> Status.OK;

    public volatile long topologyRevision;

    public FakeNode(String name) {
        this(name, 0, 0);
    }

    public FakeNode(String name, long incarnation, int port) {
        try {
            server = Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                    .addService(new PeerService())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        member = new Member(name, "127.0.0.1", server.getPort(), incarnation, 1, "");
    }

    public Member member() {
        return member;
    }

    /** Everything asked for, as {@code group/key@position}, in order of arrival. */
    public List<String> removals() {
        return requests.stream()
                .flatMap(request -> request.getRemovalsList().stream()
                        .map(removal -> removal.getGroup() + "/" + removal.getKey() + "@"
                                + request.getPositions(removal.getPositionIndex())
                                        .getGtidSet()))
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class PeerService extends PeerGrpc.PeerImplBase {
        @Override
        public void applyPosition(ApplyPositionRequest request, StreamObserver<ApplyPositionResponse> observer) {
            positions.add(request);
            observer.onNext(ApplyPositionResponse.newBuilder()
                    .setReceipt(receipt())
                    .setAccepted(true)
                    .build());
            observer.onCompleted();
        }

        @Override
        public void remove(PeerRemoveRequest request, StreamObserver<PeerRemoveResponse> observer) {
            Status status = behaviour.apply(request);
            if (!status.isOk()) {
                observer.onError(status.asRuntimeException());
                return;
            }
            requests.add(request);
            PeerRemoveResponse.Builder response =
                    PeerRemoveResponse.newBuilder().setReceipt(receipt());
            request.getRemovalsList().forEach(removal -> response.addResults(RemovalResult.REMOVAL_RESULT_REMOVED));
            observer.onNext(response.build());
            observer.onCompleted();
        }

        private PeerReceipt.Builder receipt() {
            return PeerReceipt.newBuilder()
                    .setTopologyRevision(topologyRevision)
                    .setIncarnation(member.incarnation());
        }
    }
}
