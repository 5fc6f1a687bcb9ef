package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A node's part in ring changes: its member key under a lease, the topologies it adopts, the confirmations it gives,
 * and its turn as coordinator.
 *
 * <p>Threading: thread-safe. {@link Callbacks} run one at a time on threads that this class owns.
 */
public final class NodeParticipant implements AutoCloseable {
    private final EtcdRegistration registration;
    private final Membership.Subscription subscription;
    private final Duration trust;

    /** Hears what becomes of the node. One call at a time. */
    public interface Callbacks {
        /** The node is registered, in a new incarnation: it begins with an empty store. */
        void registered(Member self);

        /** The others no longer count on the incarnation that was registered. */
        void lost(String reason);

        /**
         * Takes the next topology; may block for a while. When it returns the node routes and holds by this topology or
         * a newer one: the floors of its active and draining rings are merged, and nothing is held that
         * {@link Topology#mayHold} does not allow. Then the closing rings are confirmed.
         */
        void adopt(Topology topology);
    }

    /**
     * Registers and returns once the key stands; {@link Callbacks#registered} was called then. The key of an earlier
     * life, killed a moment ago, is waited out.
     *
     * @param self the incarnation in it is ignored
     * @throws ClusterException when etcd does not answer in time or another process has the name
     */
    public static NodeParticipant register(
            EtcdSettings settings, RingChanges changes, Member self, Membership membership, Callbacks callbacks) {
        requireNonNull(changes, "changes is null");
        EtcdRegistration registration = EtcdRegistration.register(settings, self, new EtcdRegistration.Listener() {
            @Override
            public void registered(Member self) {
                callbacks.registered(self);
            }

            @Override
            public void lost(String reason) {
                callbacks.lost(reason);
            }
        });
        return new NodeParticipant(registration, membership.addListener(callbacks::adopt), settings.leaseTtl());
    }

    private NodeParticipant(EtcdRegistration registration, Membership.Subscription subscription, Duration leaseTtl) {
        this.registration = registration;
        this.subscription = subscription;
        this.trust = leaseTtl.minus(leaseTtl.dividedBy(5));
    }

    /** This member in its latest incarnation. */
    public Member member() {
        return registration.member();
    }

    /** Whether the key stands, as far as is known here. */
    public boolean registered() {
        return registration.registered();
    }

    /**
     * The self-fence: whether the lease is sure to stand. It is when its last confirmed renewal was sent less than the
     * TTL less a margin ago, by the monotonic and by the wall clock, and the key was this node's own then.
     */
    public boolean leased() {
        return sinceConfirmed().compareTo(trust) < 0;
    }

    /** How long ago the last confirmed renewal was sent, by the clock that says more; very long when not registered. */
    public Duration sinceConfirmed() {
        return registration.sinceConfirmed();
    }

    /**
     * Says that this node is leaving and waits, at most so long, until no ring that is routed by, or soon will be, has
     * it. The key stands until {@link #close}, so peers may still peek.
     *
     * @return whether the others no longer route to it
     */
    public boolean leave(Duration atMost) {
        requireNonNull(atMost, "atMost is null");
        return false;
    }

    /** Revokes the lease, so that the others learn at once, and ends the threads. */
    @Override
    public void close() {
        subscription.close();
        registration.close();
    }
}
