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
import io.sluice.proto.v1.PeerGetManyRequest;
import io.sluice.proto.v1.PeerGetRequest;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.PeerRemoveResponse;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.ReadOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls to peers over gRPC. Thread-safe; calls block and belong on virtual threads.
 *
 * <p>Only failures of the transport and answers that took too long come back as empty; what the peer decided on is
 * thrown on to the caller.
 */
public final class GrpcPeers implements Peers {
    private final PeerChannels channels;
    private final PeerHeaders headers;

    public GrpcPeers(PeerChannels channels, PeerHeaders headers) {
        this.channels = requireNonNull(channels, "channels is null");
        this.headers = requireNonNull(headers, "headers is null");
    }

    @Override
    public Optional<Answer> read(Member member, Read read, long timeout, TimeUnit unit) {
        GetRequest.Builder get =
                GetRequest.newBuilder().setGroup(read.group().name()).setKey(read.key());
        if (!read.minPosition().isUnknown()) {
            get.setOptions(options(read));
        }
        PeerGetRequest request = PeerGetRequest.newBuilder()
                .setHeader(headers.header())
                .setGet(get)
                .setForwarded(true)
                .build();
        return transport(() -> stub(member, timeout, unit).get(request).getAnswer());
    }

    /**
     * Asks a member for several keys of one group at once.
     *
     * @param reads at least one, all of the same group and options
     * @return one result for each read, in order; empty when the member cannot be reached
     */
    public Optional<List<KeyResult>> readMany(Member member, List<Read> reads, long timeout, TimeUnit unit) {
        Read first = reads.getFirst();
        GetManyRequest.Builder getMany =
                GetManyRequest.newBuilder().setGroup(first.group().name());
        reads.forEach(read -> getMany.addKeys(read.key()));
        if (!first.minPosition().isUnknown()) {
            getMany.setOptions(options(first));
        }
        PeerGetManyRequest request = PeerGetManyRequest.newBuilder()
                .setHeader(headers.header())
                .setGetMany(getMany)
                .setForwarded(true)
                .build();
        return transport(() -> stub(member, timeout, unit).getMany(request).getResultsList())
                .filter(results -> results.size() == reads.size());
    }

    /** Has a member forget entries; empty when it cannot be reached. */
    public Optional<PeerRemoveResponse> remove(
            Member member, PeerRemoveRequest.Builder removals, long timeout, TimeUnit unit) {
        PeerRemoveRequest request = removals.setHeader(headers.header()).build();
        return transport(() -> stub(member, timeout, unit).remove(request));
    }

    private PeerGrpc.PeerBlockingStub stub(Member member, long timeout, TimeUnit unit) {
        return PeerGrpc.newBlockingStub(channels.to(member)).withDeadlineAfter(timeout, unit);
    }

    private static ReadOptions options(Read read) {
        Position min = Answers.position(read.minPosition());
        return ReadOptions.newBuilder().setMinPosition(min).build();
    }

    private static <T> Optional<T> transport(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (StatusRuntimeException e) {
            // The peer had only a part of the caller's time: that it ran out there decides nothing.
            boolean late = e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
            if (late || (!Origin.isNode(e) && isOfTransport(e.getStatus().getCode()))) {
                return Optional.empty();
            }
            throw Failures.relayed(e.getStatus());
        }
    }

    private static boolean isOfTransport(Status.Code code) {
        return code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED;
    }
}
