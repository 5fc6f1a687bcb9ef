package io.sluice.client;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Member;
import io.sluice.proto.Origin;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.GetManyResponse;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.GetResponse;
import io.sluice.proto.v1.KeyError;
import io.sluice.proto.v1.KeyResult;
import io.sluice.proto.v1.LeaseGet;
import io.sluice.proto.v1.LeaseGrant;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import io.sluice.proto.v1.LeaseRevoke;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.PutRequest;
import io.sluice.proto.v1.PutResponse;
import io.sluice.proto.v1.RemoveRequest;
import io.sluice.proto.v1.RemoveResponse;
import io.sluice.proto.v1.ServedFrom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real server on a free port of 127.0.0.1 that answers every key with its own name, fails or hangs. */
final class FakeNode extends CacheGrpc.CacheImplBase implements AutoCloseable {
    final Queue<String> asked = new ConcurrentLinkedQueue<>();
    final AtomicInteger connections = new AtomicInteger();
    final CountDownLatch cancelled = new CountDownLatch(1);
    volatile @Nullable Status failure;
    volatile boolean unmarked;
    volatile boolean hanging;
    volatile boolean missing;
    final Queue<PutRequest> puts = new ConcurrentLinkedQueue<>();

    /** Of each lease that is granted; 0 answers without one, less refuses the stream. */
    volatile long leaseMillis = -1;

    volatile String stamp = "";
    volatile String value = "{}";
    volatile long boundMillis = -1;
    final Queue<Long> confirmed = new ConcurrentLinkedQueue<>();
    final Queue<StreamObserver<LeaseResponse>> leaseStreams = new ConcurrentLinkedQueue<>();
    final AtomicInteger releases = new AtomicInteger();
    volatile boolean silent;

    private final String name;
    private final Server server;

    FakeNode(String name) {
        this.name = name;
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .directExecutor()
                    .addService(this)
                    .addTransportFilter(new ServerTransportFilter() {
                        @Override
                        public Attributes transportReady(Attributes attributes) {
                            connections.incrementAndGet();
                            return attributes;
                        }

                        @Override
                        public void transportTerminated(@Nullable Attributes attributes) {
                            connections.decrementAndGet();
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Member member() {
        return Member.of(name, "127.0.0.1", server.getPort());
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> observer) {
        asked.add(request.getKey());
        if (!refused(observer)) {
            observer.onNext(GetResponse.newBuilder().setAnswer(answer()).build());
            observer.onCompleted();
        }
    }

    @Override
    public void getMany(GetManyRequest request, StreamObserver<GetManyResponse> observer) {
        asked.addAll(request.getKeysList());
        if (refused(observer)) {
            return;
        }
        GetManyResponse.Builder response = GetManyResponse.newBuilder();
        for (String key : request.getKeysList()) {
            response.addResults(
                    key.startsWith("bad")
                            ? KeyResult.newBuilder()
                                    .setError(KeyError.newBuilder()
                                            .setCode(14)
                                            .setMessage("the source is down")
                                            .build())
                            : KeyResult.newBuilder().setAnswer(answer()));
        }
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public StreamObserver<LeaseRequest> lease(StreamObserver<LeaseResponse> reply) {
        if (leaseMillis < 0) {
            return super.lease(reply);
        }
        ((ServerCallStreamObserver<?>) reply).setOnCancelHandler(() -> leaseStreams.remove(reply));
        leaseStreams.add(reply);
        return new StreamObserver<>() {
            @Override
            public void onNext(LeaseRequest request) {
                if (request.hasRevoked()) {
                    confirmed.add(request.getRevoked().getRevocation());
                    return;
                }
                asked.add("lease " + request.getGet().getGet().getKey());
                if (!silent) {
                    reply.onNext(LeaseResponse.newBuilder()
                            .setGrant(grant(request.getGet()))
                            .build());
                }
            }

            @Override
            public void onError(Throwable failed) {}

            @Override
            public void onCompleted() {
                releases.incrementAndGet();
                reply.onCompleted();
            }
        };
    }

    private LeaseGrant grant(LeaseGet get) {
        KeyResult result = get.getGet().getKey().startsWith("bad")
                ? KeyResult.newBuilder()
                        .setError(KeyError.newBuilder().setCode(14).setMessage("the source is down"))
                        .build()
                : KeyResult.newBuilder().setAnswer(answer()).build();
        return LeaseGrant.newBuilder()
                .setId(get.getId())
                .setResult(result)
                .setLeaseMillis(leaseMillis)
                .build();
    }

    /** Revokes a key on all streams. */
    void revoke(long revocation, String group, String key) {
        leaseStreams.forEach(stream -> stream.onNext(LeaseResponse.newBuilder()
                .setRevoke(LeaseRevoke.newBuilder()
                        .setRevocation(revocation)
                        .setGroup(group)
                        .addKeys(key))
                .build()));
    }

    /** Breaks all lease streams. */
    void breakStreams() {
        leaseStreams.forEach(stream -> stream.onError(Status.UNAVAILABLE.asRuntimeException()));
        leaseStreams.clear();
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
        puts.add(request);
        if (!refused(observer)) {
            observer.onNext(PutResponse.newBuilder()
                    .setAdmitted(request.getValue().size() > 1)
                    .build());
            observer.onCompleted();
        }
    }

    @Override
    public void remove(RemoveRequest request, StreamObserver<RemoveResponse> observer) {
        asked.addAll(request.getKeysList());
        observer.onNext(RemoveResponse.newBuilder()
                .setAcknowledged(2 * request.getKeysCount())
                .build());
        observer.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private boolean refused(StreamObserver<?> observer) {
        if (hanging) {
            ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(cancelled::countDown);
            return true;
        }
        if (failure != null) {
            Metadata trailers = new Metadata();
            if (!unmarked) {
                trailers.put(Origin.KEY, Origin.NODE);
            }
            observer.onError(requireNonNull(failure).asRuntimeException(trailers));
            return true;
        }
        return false;
    }

    private Answer answer() {
        if (missing) {
            return Answer.newBuilder()
                    .setInfo(AnswerInfo.newBuilder()
                            .setServedBy(name)
                            .setStamp(Position.newBuilder().setGtidSet("x:1-5")))
                    .build();
        }
        AnswerInfo.Builder info = AnswerInfo.newBuilder()
                .setServedBy(name)
                .setServedFrom(ServedFrom.SERVED_FROM_MEMORY)
                .setStamp(Position.newBuilder().setGtidSet(stamp))
                .setAgeMillis(7);
        if (boundMillis >= 0) {
            info.setStalenessBoundMillis(boundMillis);
        }
        return Answer.newBuilder()
                .setFound(true)
                .setValue(ByteString.copyFromUtf8(value))
                .setInfo(info)
                .build();
    }
}
