package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes removals and says when each is done: when all its holders have acknowledged it or are gone (see
 * {@link PendingRemoval} for the rule). One {@link NodeLane} per member of the topology.
 *
 * <p>Safe for use by many threads; {@link #submit} does not block. It refuses nothing, so callers bound what they
 * submit by {@link #inFlight}. The topology is a snapshot swapped whole. No lock is held while anything is sent.
 *
 * <p>Invariant: a submitted removal is at every moment in a lane, being advanced, or waiting for a topology; unless the
 * dispatcher is closed it gets done, and its callback runs exactly once. After {@link #close} no callback runs for what
 * was not acknowledged.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /** Often enough: the membership asks its source every 15 s. */
    private static final Duration REVISION_PATIENCE = Duration.ofSeconds(1);

    private final String sender;
    private final DispatchSettings settings;
    private final SyncMetrics metrics;
    private final NodeLane.Receiver receiver = new LaneReceiver();
    private final Map<Member, NodeLane> lanes = new ConcurrentHashMap<>();
    private final Set<PendingRemoval> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final RevisionGate gate;
    private final Object topologyChange = new Object();
    private final Membership.Subscription subscription;
    private volatile Topology topology;
    private volatile boolean closed;

    /** Starts with the membership's topology and follows it. The membership stays the caller's to close. */
    public Dispatcher(String sender, Membership membership, DispatchSettings settings, SyncMetrics metrics) {
        this(sender, membership, settings, REVISION_PATIENCE, metrics);
    }

    Dispatcher(
            String sender,
            Membership membership,
            DispatchSettings settings,
            Duration revisionPatience,
            SyncMetrics metrics) {
        this.sender = requireNonNull(sender, "sender is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.gate = new RevisionGate(revisionPatience, membership::confirmedSince, this::onRevisionOpened);
        this.topology = membership.topology();
        this.subscription = membership.addListener(this::onTopology);
    }

    /** Sends the removal to all its holders; {@code whenDone} runs once, on another thread, and must not block. */
    public void submit(Removal removal, Runnable whenDone) {
        metrics.removalSubmitted(removal.group(), removal.isKey());
        inFlight.incrementAndGet();
        advance(new PendingRemoval(removal, whenDone));
    }

    /** How many submitted removals are not done. */
    public int inFlight() {
        return inFlight.get();
    }

    /** True when the topology names at least one node. */
    public boolean hasMembers() {
        return !topology.members().isEmpty();
    }

    /** Names of the members whose last call failed. */
    public List<String> failingMembers() {
        return lanes.entrySet().stream()
                .filter(lane -> lane.getValue().isFailing())
                .map(lane -> lane.getKey().name())
                .sorted()
                .toList();
    }

    private void advance(PendingRemoval pending) {
        while (!closed) {
            Topology seen = topology;
            long seenRevision = gate.opened();
            Advance advance = pending.advance(seen, seenRevision);
            switch (advance.next()) {
                case DONE -> {
                    inFlight.decrementAndGet();
                    pending.whenDone().run();
                    return;
                }
                case WAIT_FOR_TOPOLOGY -> waiting.add(pending);
                case IN_FLIGHT -> advance.sendTo().forEach(member -> send(member, pending));
            }
            // A topology that came between the look and the waiting would not find it: look again.
            if (topology.revision() == seen.revision() && gate.opened() == seenRevision) {
                return;
            }
            waiting.remove(pending);
        }
    }

    private void send(Member member, PendingRemoval pending) {
        boolean accepted = lane(member).offer(pending);
        if (!accepted) {
            pending.giveUp(member);
        }
        // The member left between the look at the topology and now: nobody else would close a lane opened just now.
        if (!topology.members().contains(member)) {
            closeLane(member);
        }
        if (!accepted) {
            advance(pending);
        }
    }

    private NodeLane lane(Member member) {
        NodeLane lane = lanes.get(member);
        return lane != null ? lane : lanes.computeIfAbsent(member, this::openLane);
    }

    private NodeLane openLane(Member member) {
        Backoff backoff = new Backoff(settings.retryInitial(), settings.retryMax(), new SplittableRandom());
        NodeLane lane = new NodeLane(member, settings, backoff, receiver, metrics);
        lane.start();
        return lane;
    }

    private void closeLane(Member member) {
        NodeLane lane = lanes.remove(member);
        if (lane != null) {
            lane.close();
        }
    }

    private void onTopology(Topology next) {
        synchronized (topologyChange) {
            if (closed) {
                return;
            }
            topology = next;
            next.members().forEach(this::lane);
            List<Member> gone = lanes.keySet().stream()
                    .filter(member -> !next.members().contains(member))
                    .toList();
            gone.forEach(this::closeLane);
        }
        advanceWaiting();
    }

    private void onRevisionOpened(long revision) {
        if (topology.revision() < revision) {
            log.info(
                    "Nodes speak of topology revision {}; here the members are those of revision {}, and etcd has"
                            + " no others: taking them as current",
                    revision,
                    topology.revision());
        }
        advanceWaiting();
    }

    private void advanceWaiting() {
        for (PendingRemoval pending : List.copyOf(waiting)) {
            waiting.remove(pending);
            advance(pending);
        }
    }

    /** Stops all lanes. What is not acknowledged stays not done. */
    @Override
    public void close() {
        subscription.close();
        gate.close();
        synchronized (topologyChange) {
            closed = true;
        }
        lanes.values().forEach(NodeLane::close);
        lanes.values().forEach(NodeLane::awaitEnd);
        lanes.clear();
    }

    /** What the lanes report back. */
    private final class LaneReceiver implements NodeLane.Receiver {
        @Override
        public PeerHeader header(Member member) {
            return PeerHeader.newBuilder()
                    .setSender(sender)
                    .setTopologyRevision(topology.revision())
                    .setReceiverIncarnation(member.incarnation())
                    .build();
        }

        @Override
        public void acknowledged(Member member, List<Delivery> deliveries, long topologyRevision) {
            if (topologyRevision > Math.max(topology.revision(), gate.opened())) {
                gate.heard(topologyRevision);
            }
            for (Delivery delivery : deliveries) {
                delivery.pending().acknowledge(member, topologyRevision);
                advance(delivery.pending());
            }
        }

        @Override
        public void givenUp(Member member, List<PendingRemoval> pendings) {
            for (PendingRemoval pending : pendings) {
                pending.giveUp(member);
                advance(pending);
            }
        }
    }
}
