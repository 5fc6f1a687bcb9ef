package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Member;
import io.sluice.cluster.Ring;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.Answers;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.GroupTags;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadPath;
import io.sluice.node.record.FlightRecorder;
import io.sluice.proto.v1.AdminGrpc;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.HistoryEvent;
import io.sluice.proto.v1.HistoryRequest;
import io.sluice.proto.v1.HistoryResponse;
import io.sluice.proto.v1.LookupRequest;
import io.sluice.proto.v1.LookupResponse;
import io.sluice.proto.v1.ReadOptions;
import io.sluice.proto.v1.RingState;
import io.sluice.proto.v1.TopologyRequest;
import io.sluice.proto.v1.TopologyResponse;
import io.sluice.store.StoreKey;
import java.util.List;
import java.util.stream.LongStream;

/**
 * {@code sluice.v1.Admin} of a node: looks into it and changes nothing. What it does not override answers
 * UNIMPLEMENTED. Thread-safe; never blocks.
 */
public final class AdminService extends AdminGrpc.AdminImplBase {
    private final Holdings holdings;
    private final Requests requests;
    private final ReadPath path;
    private final FlightRecorder recorder;

    public AdminService(Holdings holdings, Requests requests, ReadPath path, FlightRecorder recorder) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.path = requireNonNull(path, "path is null");
        this.recorder = requireNonNull(recorder, "recorder is null");
    }

    @Override
    public void topology(TopologyRequest request, StreamObserver<TopologyResponse> reply) {
        PendingReads.answer(reply, () -> topology(holdings.topology()));
    }

    @Override
    public void lookup(LookupRequest request, StreamObserver<LookupResponse> reply) {
        PendingReads.answer(reply, () -> lookup(request));
    }

    @Override
    public void history(HistoryRequest request, StreamObserver<HistoryResponse> reply) {
        PendingReads.answer(reply, () -> history(request));
    }

    private LookupResponse lookup(LookupRequest request) {
        Read read = requests.read(request.getGroup(), request.getKey(), ReadOptions.getDefaultInstance(), false);
        LookupResponse.Builder response = LookupResponse.newBuilder();
        for (Member holder : holdings.topology().holders(read.hash())) {
            response.addHolders(holder.name());
        }
        Answer kept = path.look(read);
        return kept == null
                ? response.build()
                : response.setHeld(true).setAnswer(kept).build();
    }

    private HistoryResponse history(HistoryRequest request) {
        CacheGroup group = requests.groups().require(request.getGroup());
        StoreKey key = requests.storeKey(group, request.getKey());
        GroupTags declared = group.tags();
        long[] tags = declared == null ? null : declared.of(key.utf8());
        long[] hashes = LongStream.concat(
                        LongStream.of(key.hash(), FlightRecorder.hashOfGroup(group.name())),
                        tags == null ? LongStream.empty() : LongStream.of(tags))
                .toArray();
        HistoryResponse.Builder response = HistoryResponse.newBuilder();
        for (FlightRecorder.Noted noted : recorder.find(hashes)) {
            HistoryEvent.Builder event = HistoryEvent.newBuilder()
                    .setAtMillis(noted.atMillis())
                    .setEvent(noted.event().text())
                    .setPeer(noted.peer());
            SourcePosition position = noted.position();
            if (!position.isUnknown()) {
                event.setPosition(Answers.position(position));
            }
            response.addEvents(event);
        }
        return response.build();
    }

    private static TopologyResponse topology(Topology topology) {
        TopologyResponse.Builder response = TopologyResponse.newBuilder()
                .setRevision(topology.revision())
                .setReplicationFactor(topology.replicationFactor())
                .setVirtualNodes(Ring.DEFAULT_VIRTUAL_NODES);
        List<RingRecord> rings = topology.rings();
        for (int i = rings.size() - 1; i >= 0; i--) {
            response.addRings(ring(rings.get(i)));
        }
        return response.build();
    }

    private static io.sluice.proto.v1.Ring ring(RingRecord ring) {
        io.sluice.proto.v1.Ring.Builder message =
                io.sluice.proto.v1.Ring.newBuilder().setId(ring.id()).setState(state(ring.state()));
        for (Member member : ring.members()) {
            message.addMembers(io.sluice.proto.v1.Member.newBuilder()
                    .setName(member.name())
                    .setAddress(member.address())
                    .setIncarnation(member.incarnation())
                    .setWeight(member.weight())
                    .setZone(member.zone()));
        }
        return message.build();
    }

    private static RingState state(io.sluice.cluster.RingState state) {
        return switch (state) {
            case ANNOUNCED -> RingState.RING_STATE_ANNOUNCED;
            case ACTIVE -> RingState.RING_STATE_ACTIVE;
            case DRAINING -> RingState.RING_STATE_DRAINING;
            case CLOSING -> RingState.RING_STATE_CLOSING;
        };
    }
}
