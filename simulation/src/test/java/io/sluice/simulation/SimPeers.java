package io.sluice.simulation;

import io.grpc.StatusRuntimeException;
import io.sluice.cluster.Member;
import io.sluice.cluster.SimWorld;
import io.sluice.node.read.Peers;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.KeyResult;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.PeekResponse;
import io.sluice.proto.v1.PeerHeader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What other simulated nodes answer; blocks its virtual thread. */
final class SimPeers implements Peers {
    private static final long READ_NANOS = 300 * SimWorld.MILLIS;

    private final Simulation simulation;
    private final SimNode self;

    SimPeers(Simulation simulation, SimNode self) {
        this.simulation = simulation;
        this.self = self;
    }

    @Override
    public Optional<Answer> read(Member member, Read read, Duration timeout) {
        SimNode other = simulation.node(member.name());
        if (other == null) {
            return Optional.empty();
        }
        int key = Integer.parseInt(read.key());
        return ask(
                other,
                reply -> other.reads()
                        .get(key, read.minPosition(), true, answer -> reply.accept(Optional.ofNullable(answer))),
                READ_NANOS,
                Optional.empty());
    }

    @Override
    public Optional<List<KeyResult>> readMany(Member member, List<Read> reads, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Peek peek(Member member, Read read, Duration timeout) {
        SimNode other = simulation.node(member.name());
        if (other == null) {
            return new Peek.Unanswered();
        }
        PeekRequest request = PeekRequest.newBuilder()
                .setHeader(PeerHeader.newBuilder().setReceiverIncarnation(member.incarnation()))
                .setGroup(read.group().name())
                .setKey(read.key())
                .build();
        return this.<Peek>ask(
                other, reply -> reply.accept(answer(other, request)), timeout.toNanos(), new Peek.Unanswered());
    }

    /** What another node replies, which may take its time; {@code none} when that is too long. */
    private <T> T ask(SimNode other, Consumer<Consumer<T>> asked, long nanos, T none) {
        CompletableFuture<T> landed = new CompletableFuture<>();
        self.send(other, () -> asked.accept(answer -> other.send(self, () -> landed.complete(answer))));
        self.in(nanos, () -> landed.complete(none));
        return landed.join();
    }

    private static Peek answer(SimNode other, PeekRequest request) {
        try {
            PeekResponse response = other.services().peek(request);
            return response.hasCopy() ? new Peek.Found(response.getCopy()) : new Peek.Nothing();
        } catch (StatusRuntimeException e) {
            return new Peek.Nothing();
        }
    }
}
