package io.sluice.node;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the others count on this node, and what must go when they do not any more.
 *
 * <p>While a node is no member nobody sends it Removes. So what it holds is dropped when its registration is lost, it
 * keeps nothing until it is back, and it comes back as a new incarnation with an empty store. Entries of keys that the
 * ring has given to others go as well, so that a key which comes back does not bring its old value.
 *
 * <p>Thread-safe.
 */
final class Presence implements NodeParticipant.Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    /** The margin is this part of the lease. */
    private static final int MARGIN_DIVISOR = 5;

    private final String self;
    private final CacheGroups groups;
    private final HealthStatusManager health;
    private volatile long incarnation;
    private volatile boolean counted;
    private volatile BooleanSupplier leased = () -> true;
    private volatile boolean seen;
    private @Nullable Topology latest;

    /** @param health shows readiness to callers of the gRPC health service */
    Presence(String self, CacheGroups groups, HealthStatusManager health) {
        this.self = self;
        this.groups = groups;
        this.health = health;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
    }

    /** Registers this node; with a fixed list of members there is nothing to register. */
    void register(ClusterConfig cluster, Member member, Membership membership, Resources resources) {
        EtcdSettings etcd = cluster.etcdSettings();
        if (etcd == null) {
            counted = true;
        } else {
            NodeParticipant participant =
                    resources.add(NodeParticipant.register(etcd, cluster.ringChanges(), member, membership, this));
            leased = participant::leased;
        }
    }

    /**
     * Self-fence: from a margin before its lease can have ended on, the node trusts its memory no more, since others
     * may have stopped counting on it without its knowing.
     *
     * @param sinceConfirmed time since the last confirmed renewal was sent
     */
    void fenceBy(Supplier<Duration> sinceConfirmed, Duration leaseTtl) {
        Duration limit = leaseTtl.minus(leaseTtl.dividedBy(MARGIN_DIVISOR));
        leased = () -> sinceConfirmed.get().compareTo(limit) < 0;
    }

    @Override
    public synchronized void registered(Member member) {
        if (incarnation != 0) {
            dropAll();
        }
        incarnation = member.incarnation();
        counted = true;
        log.info("Node {} is registered as incarnation {}", self, incarnation);
        // The topology that shows this incarnation may have come before.
        look();
    }

    @Override
    public synchronized void lost(String reason) {
        // In this order: a load that still sees the node counted is stored before the drop, or refused after it.
        counted = false;
        dropAll();
        log.warn("Node {} is no member any more and holds nothing until it is again: {}", self, reason);
        look();
    }

    @Override
    public void adopt(Topology topology) {
        accept(topology);
    }

    /** Takes the next topology. */
    void accept(Topology topology) {
        groups.retainHeld(topology, self);
        synchronized (this) {
            latest = topology;
            look();
        }
    }

    private synchronized void look() {
        Topology topology = latest;
        if (topology == null) {
            return;
        }
        Member member = topology.member(self);
        boolean now = counted && member != null && member.incarnation() == incarnation;
        if (now != seen) {
            seen = now;
            log.info("Node {} is {} the topology of revision {}", self, now ? "in" : "not in", topology.revision());
        }
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Whether this node may keep and answer from memory: no Remove is sent to one that is not counted on. */
    boolean mayHold() {
        return counted && leased.getAsBoolean();
    }

    private void dropAll() {
        for (CacheGroup group : groups.all()) {
            group.store().removeAll(SourcePosition.UNKNOWN);
        }
    }

    long incarnation() {
        return incarnation;
    }

    Optional<String> reasonNotReady() {
        return seen ? Optional.empty() : Optional.of("the node has not seen itself in the topology yet");
    }
}
