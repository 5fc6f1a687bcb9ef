package io.sluice.node.peer;

import static java.util.Objects.requireNonNull;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.cluster.Member;
import io.sluice.node.Failures;
import io.sluice.node.read.Answers;
import io.sluice.node.read.Peers;
import io.sluice.node.read.Read;
import io.sluice.proto.Origin;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.KeyResult;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.PeekResponse;
import io.sluice.proto.v1.PeerGetManyRequest;
import io.sluice.proto.v1.PeerGetRequest;
import io.sluice.proto.v1.PeerGetResponse;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerPutRequest;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.PutRequest;
import io.sluice.proto.v1.ReadOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls to peers over gRPC. Thread-safe; calls block and belong on virtual threads.
 *
 * <p>Only failures of the transport, answers that took too long, and peers that go by another definition of the group
 * come back as empty; what the peer decided on is thrown on to the caller.
 */
public final class GrpcPeers implements Peers {
    private final PeerChannels channels;
    private final PeerHeaders headers;

    public GrpcPeers(PeerChannels channels, PeerHeaders headers) {
        this.channels = requireNonNull(channels, "channels is null");
        this.headers = requireNonNull(headers, "headers is null");
    }

    @Override
    public Optional<Answer> read(Member member, Read read, Duration timeout) {
        GetRequest.Builder get =
                GetRequest.newBuilder().setGroup(read.group().name()).setKey(read.key());
        if (asksFreshness(read)) {
            get.setOptions(options(read));
        }
        PeerGetRequest request = PeerGetRequest.newBuilder()
                .setHeader(headers.header())
                .setGet(get)
                .setForwarded(true)
                .setDefinition(read.group().definition())
                .build();
        return transport(() -> stub(member, timeout).get(request))
                .filter(response -> !response.getOtherDefinition())
                .map(PeerGetResponse::getAnswer);
    }

    @Override
    public Optional<List<KeyResult>> readMany(Member member, List<Read> reads, Duration timeout) {
        Read first = reads.getFirst();
        GetManyRequest.Builder getMany =
                GetManyRequest.newBuilder().setGroup(first.group().name());
        reads.forEach(read -> getMany.addKeys(read.key()));
        if (asksFreshness(first)) {
            getMany.setOptions(options(first));
        }
        PeerGetManyRequest request = PeerGetManyRequest.newBuilder()
                .setHeader(headers.header())
                .setGetMany(getMany)
                .setForwarded(true)
                .setDefinition(first.group().definition())
                .build();
        return transport(() -> stub(member, timeout).getMany(request).getResultsList())
                .filter(results -> results.size() == reads.size());
    }

    @Override
    public Peek peek(Member member, Read read, Duration timeout) {
        PeekRequest request = PeekRequest.newBuilder()
                .setHeader(headers.header(member))
                .setGroup(read.group().name())
                .setKey(read.key())
                .build();
        try {
            PeekResponse response = stub(member, timeout).peek(request);
            return response.hasCopy() ? new Peek.Found(response.getCopy()) : new Peek.Nothing();
        } catch (StatusRuntimeException e) {
            // Another life of the member, for one, answers so: it has nothing of what the one that is meant had.
            return Origin.isNode(e) ? new Peek.Nothing() : new Peek.Unanswered();
        }
    }

    /** Has a member forget entries; empty when it cannot be reached. */
    public Optional<PeerRemoveResponse> remove(Member member, PeerRemoveRequest.Builder removals, Duration timeout) {
        PeerRemoveRequest request = removals.setHeader(headers.header()).build();
        return transport(() -> stub(member, timeout).remove(request));
    }

    /** Has the owner of a key keep a value; whether it does, empty when it cannot be reached. */
    public Optional<Boolean> put(Member owner, PutRequest put, Duration timeout) {
        PeerPutRequest request = PeerPutRequest.newBuilder()
                .setHeader(headers.header())
                .setPut(put)
                .build();
        return transport(() -> stub(owner, timeout).put(request).getAdmitted());
    }

    private PeerGrpc.PeerBlockingStub stub(Member member, Duration timeout) {
        return PeerGrpc.newBlockingStub(channels.to(member)).withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static boolean asksFreshness(Read read) {
        return !read.minPosition().isUnknown() || read.maxStalenessNanos() != Read.ANY_STALENESS;
    }

    private static ReadOptions options(Read read) {
        ReadOptions.Builder options = ReadOptions.newBuilder();
        if (!read.minPosition().isUnknown()) {
            options.setMinPosition(Answers.position(read.minPosition()));
        }
        if (read.maxStalenessNanos() != Read.ANY_STALENESS) {
            options.setMaxStalenessMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(read.maxStalenessNanos())));
        }
        return options.build();
    }

    private static <T> Optional<T> transport(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (StatusRuntimeException e) {
            // The peer had only a part of the caller's time: that it ran out there decides nothing.
            boolean late = e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
            if (late || Origin.isTransport(e)) {
                return Optional.empty();
            }
            throw Failures.relayed(e.getStatus());
        }
    }
}
