package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalResult;
import io.sluice.proto.v1.RemovalScope;
import java.io.IOException;
import java.util.function.ObjLongConsumer;

/**
 * Stands in for a node, as far as Removes go, in the process that also sends the changes, so that one clock measures
 * both ends. A real node takes some ten microseconds more for a Remove of one key. Thread-safe.
 */
final class RemoveReceiver implements AutoCloseable {
    private final Server server;

    /** @param received told each key, and when it came by {@link System#nanoTime} */
    RemoveReceiver(ObjLongConsumer<String> received) throws IOException {
        this.server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new Peer(requireNonNull(received, "received is null")))
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class Peer extends PeerGrpc.PeerImplBase {
        private final ObjLongConsumer<String> received;

        Peer(ObjLongConsumer<String> received) {
            this.received = received;
        }

        @Override
        public void remove(PeerRemoveRequest request, StreamObserver<PeerRemoveResponse> reply) {
            long now = System.nanoTime();
            PeerRemoveResponse.Builder response = PeerRemoveResponse.newBuilder();
            for (Removal removal : request.getRemovalsList()) {
                response.addResults(RemovalResult.REMOVAL_RESULT_REMOVED);
                if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_KEY) {
                    received.accept(removal.getKey(), now);
                }
            }
            reply.onNext(response.build());
            reply.onCompleted();
        }
    }
}
