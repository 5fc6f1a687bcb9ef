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
 * One {@link NodeLane} per life of a member, opened when first asked for. Safe for use by many threads; nothing blocks
 * but {@link #close()}. Invariant: a lane that is closed here, or has ended by itself, is never given out again.
 */
final class Lanes implements AutoCloseable {
    private final DispatchSettings settings;
    private final NodeLane.Receiver receiver;
    private final SyncMetrics metrics;
    private final Map<Member, NodeLane> lanes = new ConcurrentHashMap<>();

    Lanes(DispatchSettings settings, NodeLane.Receiver receiver, SyncMetrics metrics) {
        this.settings = requireNonNull(settings, "settings is null");
        this.receiver = requireNonNull(receiver, "receiver is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    NodeLane to(Member member) {
        NodeLane lane = lanes.get(member);
        return lane != null ? lane : lanes.computeIfAbsent(member, this::open);
    }

    private NodeLane open(Member member) {
        // The senders of a lane share it, so its random numbers have to be safe for many threads.
        Backoff backoff = new Backoff(settings.retryInitial(), settings.retryMax(), new Random());
        NodeLane lane = new NodeLane(member, settings, backoff, receiver, this::forget, metrics);
        lane.start();
        return lane;
    }

    /** Only this lane: there may be another one to its member by now. */
    private void forget(NodeLane lane) {
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
        NodeLane lane = lanes.remove(member);
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
        lanes.values().stream().filter(NodeLane::isFailing).forEach(lane -> lane.collapse(one));
    }

    /** The most bytes that wait for a member that answers. */
    long mostWaitingBytes() {
        return lanes.values().stream()
                .filter(lane -> !lane.isFailing())
                .mapToLong(NodeLane::waitingBytes)
                .max()
                .orElse(0);
    }

    /** What each lane does at this moment. */
    List<LaneStatus> status() {
        return lanes.values().stream().map(NodeLane::status).toList();
    }

    /** Closes all lanes and waits until their threads have ended. */
    @Override
    public void close() {
        List<NodeLane> all = List.copyOf(lanes.values());
        all.forEach(NodeLane::close);
        all.forEach(NodeLane::awaitEnd);
        lanes.clear();
    }
}
