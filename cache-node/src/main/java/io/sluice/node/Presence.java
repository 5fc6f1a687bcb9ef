package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.cluster.Member;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroups;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a member: what it takes from each topology, what must go when the others do not count on it any more,
 * and whether it is ready.
 *
 * <p>A topology is adopted in this order, each step of which another way round would let an old value in:
 *
 * <ol>
 *   <li>The floors of its rings are merged. <i>Else: holds a key under the new ring, and keeps a row from before a
 *       Remove that only the earlier holders were sent.</i>
 *   <li>What was said to be applied to it is forgotten, if it holds other keys from now on ({@link AppliedPositions}).
 *   <li>It is what the node goes by. From here on nothing is kept or answered that it does not allow.
 *   <li>What it does not allow is dropped. <i>Before the step above a load could still be kept after the drop; the key
 *       would come back one day (A, B, A) and the old value with it.</i>
 *   <li>What is lent of it is revoked, and that is waited for, a lease long at the most. <i>Else: holds a copy of a key
 *       whose Removes come here no more.</i>
 *   <li>The return tells the coordinator, and with it the sync service, that no more Removes need to come for a closing
 *       ring.
 * </ol>
 *
 * <p>While a node is no member nobody sends it Removes. So what it holds is dropped when its registration is lost, it
 * keeps nothing until it is back, and it comes back as a new incarnation with an empty store.
 *
 * <p>Thread-safe; topologies are adopted one at a time.
 */
final class Presence implements NodeParticipant.Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final String self;
    private final Tenure tenure;
    private final CacheGroups groups;
    private final Floors floors;
    private final AppliedPositions applied;
    private final Consumer<Topology> peers;
    private final Consumer<LongPredicate> lent;
    private final WarmUp warmUp;
    private final HealthStatusManager health;
    private volatile boolean leaving;
    private boolean routed;

    /**
     * @param peers told of every topology, to connect to who is in it and to let go of who is not
     * @param lent ends what is lent of keys that a predicate rejects, and returns when it is over
     * @param health shows readiness to callers of the gRPC health service
     */
    Presence(
            String self,
            Tenure tenure,
            CacheGroups groups,
            Floors floors,
            AppliedPositions applied,
            Consumer<Topology> peers,
            Consumer<LongPredicate> lent,
            WarmUp warmUp,
            HealthStatusManager health) {
        this.self = requireNonNull(self, "self is null");
        this.tenure = requireNonNull(tenure, "tenure is null");
        this.groups = requireNonNull(groups, "groups is null");
        this.floors = requireNonNull(floors, "floors is null");
        this.applied = requireNonNull(applied, "applied is null");
        this.peers = requireNonNull(peers, "peers is null");
        this.lent = requireNonNull(lent, "lent is null");
        this.warmUp = requireNonNull(warmUp, "warmUp is null");
        this.health = requireNonNull(health, "health is null");
        look();
    }

    @Override
    public synchronized void registered(Member member) {
        if (tenure.incarnation() != 0) {
            dropAll();
        }
        applied.forget();
        tenure.begin(member.incarnation());
        log.info("Node {} is registered as incarnation {}", self, member.incarnation());
        // The topology that shows this incarnation may have come before.
        look();
    }

    /** For a fixed list of members, where lives are not counted: as if registered, with the only topology there is. */
    void begin(Topology only) {
        // The server listens already: nothing may be kept before the floor stands.
        floors.raise(only);
        tenure.begin(0);
        adopt(only);
    }

    @Override
    public synchronized void lost(String reason) {
        // In this order: a load that still sees the node counted is stored before the drop, or refused after it.
        tenure.end();
        dropAll();
        applied.forget();
        log.warn("Node {} is no member any more and holds nothing until it is again: {}", self, reason);
        look();
    }

    @Override
    public void adopt(Topology topology) {
        Topology earlier = tenure.topology();
        floors.raise(topology);
        applied.adopt(topology);
        tenure.adopt(topology);
        if (!holdsAll(topology, earlier)) {
            groups.retainIf(hash -> tenure.mayRetain(topology, hash));
        }
        peers.accept(topology);
        look();
        lent.accept(hash -> tenure.mayRetain(topology, hash));
    }

    /** Whether every ring under which something may be held still is one; then there is nothing to look through. */
    private static boolean holdsAll(Topology topology, Topology earlier) {
        return earlier.rings().stream()
                .filter(Presence::mayBeHeldUnder)
                .allMatch(ring -> topology.rings().stream()
                        .anyMatch(now -> mayBeHeldUnder(now)
                                && now.id() == ring.id()
                                && now.members().equals(ring.members())));
    }

    private static boolean mayBeHeldUnder(RingRecord ring) {
        return ring.state() == RingState.ACTIVE || ring.state() == RingState.DRAINING;
    }

    /** This node is on its way out: it serves as before, but nobody should be sent to it any more. */
    void leaving() {
        leaving = true;
        look();
    }

    /** No Remove of the groups: that would also keep out what is peeked when the node is back. */
    private void dropAll() {
        groups.retainIf(hash -> false);
    }

    private synchronized void look() {
        boolean now = tenure.isRouted();
        if (now != routed) {
            routed = now;
            log.info(
                    "Node {} is {} the active ring of the topology of revision {}",
                    self,
                    now ? "in" : "not in",
                    tenure.topology().revision());
        }
        if (now) {
            warmUp.begin(this::look);
        }
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                reasonNotReady().isEmpty() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Empty when this node is ready for traffic: routed to, warmed up and not leaving. */
    Optional<String> reasonNotReady() {
        if (leaving) {
            return Optional.of("the node is leaving");
        }
        if (!tenure.isRouted()) {
            return Optional.of(
                    isAnnounced()
                            ? "the ring with this node is announced and not active yet: it becomes active when the sync"
                                    + " service has confirmed it"
                            : "the node has not seen itself in the topology yet");
        }
        return warmUp.passed() ? Optional.empty() : Optional.of("the node is connecting to its peers");
    }

    private boolean isAnnounced() {
        for (RingRecord ring : tenure.topology().rings()) {
            if (ring.has(self, tenure.incarnation())) {
                return true;
            }
        }
        return false;
    }
}
