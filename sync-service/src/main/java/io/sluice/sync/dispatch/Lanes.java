package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * One {@link Lane} per life of a member, opened when first asked for. Safe for use by many threads; nothing blocks but
 * {@link #close()}. Invariant: a lane that is closed here, or has ended by itself, is never given out again.
 */
final class Lanes implements AutoCloseable {
    private final Lane.Opener opener;
    private final Map<Member, Lane> lanes = new ConcurrentHashMap<>();

    Lanes(Lane.Opener opener) {
        this.opener = requireNonNull(opener, "opener is null");
    }

    /** Opens lanes by gRPC. */
    static Lane.Opener toNodes(DispatchSettings settings, NodeLane.Receiver receiver, SyncMetrics metrics) {
        return (member, whenEnding) -> {
            // The senders of a lane share it, so its random numbers have to be safe for many threads.
            Backoff backoff = new Backoff(settings.retryInitial(), settings.retryMax(), new Random());
            NodeLane lane = new NodeLane(member, settings, backoff, receiver, whenEnding, metrics);
            lane.start();
            return lane;
        };
    }

    Lane to(Member member) {
        Lane lane = lanes.get(member);
        return lane != null ? lane : lanes.computeIfAbsent(member, this::open);
    }

    private Lane open(Member member) {
        return opener.open(member, this::forget);
    }

    /** Only this lane: there may be another one to its member by now. */
    private void forget(Lane lane) {
        lanes.remove(lane.member(), lane);
    }

    /** Opens the lanes of these recipients and closes all others. */
    void keepOnly(Recipients recipients) {
        recipients.members().forEach(this::to);
        List<Member> left = lanes.keySet().stream()
                .filter(member -> !recipients.contains(member))
                .toList();
        left.forEach(this::close);
    }

    void close(Member member) {
        Lane lane = lanes.remove(member);
        if (lane != null) {
            lane.close();
        }
    }

    /** Names of the members whose last call failed. */
    List<String> failing() {
        return lanes.entrySet().stream()
                .filter(lane -> lane.getValue().isFailing())
                .map(lane -> lane.getKey().name())
                .sorted()
                .toList();
    }

    /** Makes deliveries of groups of all that waits for members whose last call failed. */
    void collapseFailing(UnaryOperator<Delivery> one) {
        lanes.values().stream().filter(Lane::isFailing).forEach(lane -> lane.collapse(one));
    }

    /** The most bytes that wait for a member that answers. */
    long mostWaitingBytes() {
        return lanes.values().stream()
                .filter(lane -> !lane.isFailing())
                .mapToLong(Lane::waitingBytes)
                .max()
                .orElse(0);
    }

    /** What each lane does at this moment. */
    List<LaneStatus> status() {
        return lanes.values().stream().map(Lane::status).toList();
    }

    /** Closes all lanes and waits until their threads have ended. */
    @Override
    public void close() {
        List<Lane> all = List.copyOf(lanes.values());
        all.forEach(Lane::close);
        all.forEach(Lane::awaitEnd);
        lanes.clear();
    }
}
