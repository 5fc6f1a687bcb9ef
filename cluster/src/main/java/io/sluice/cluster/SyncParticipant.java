package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sync instance's part in ring changes: its key under a lease, which must stand before it consumes, the topologies it
 * adopts, the announced rings it confirms, and the floors that it reads for a ring when asked.
 *
 * <p>Threading: thread-safe. State belongs to the thread {@code sluice-participant}; {@link Callbacks} run one at a
 * time on the thread {@code sluice-adopt}, but for {@link Callbacks#readFloors} on {@code sluice-floors}.
 */
public final class SyncParticipant implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SyncParticipant.class);
    private static final long REVOKE_SECONDS = 4;

    private final EtcdStore store;
    private final Loop loop;
    private final String name;
    private final Membership membership;
    private final KeyMirror mirror;
    private final NodePresence nodes;
    private final Participation participation;
    private final FloorReader floors;
    private volatile long incarnation;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Runnable onClose = () -> {};

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
         * Commits a row on the primary of every source that has positions and then reads its set; may block. A failure
         * is tried again, here or on another instance.
         */
        Map<String, SourcePosition> readFloors(long ringId) throws Exception;
    }

    /**
     * Registers and returns once the key stands, {@link Callbacks#registered} has returned, and {@link Callbacks#adopt}
     * with a topology read since.
     *
     * @param name of the instance, unique among the sync instances of the cluster
     * @throws ClusterException when etcd does not answer in time or another process has the name
     */
    public static SyncParticipant register(
            EtcdSettings settings, String name, Membership membership, Callbacks callbacks) {
        return register(new JetcdStore(settings), settings, name, membership, callbacks);
    }

    static SyncParticipant register(
            EtcdStore store, EtcdSettings settings, String name, Membership membership, Callbacks callbacks) {
        ExecutorService adopting = NamedThreads.pool("sluice-adopt", 1);
        ExecutorService reading = NamedThreads.pool("sluice-floors", 1);
        Loop loop = new ThreadLoop("sluice-participant");
        SyncParticipant participant =
                new SyncParticipant(store, loop, adopting, reading, settings, name, membership, callbacks);
        participant.onClose = () -> {
            adopting.shutdownNow();
            reading.shutdownNow();
        };
        participant.start();
        try {
            participant.participation.await(settings, "sync instance", name);
        } catch (ClusterException e) {
            participant.close();
            throw e;
        }
        return participant;
    }

    SyncParticipant(
            EtcdStore store,
            Loop loop,
            Executor adopting,
            Executor reading,
            EtcdSettings settings,
            String name,
            Membership membership,
            Callbacks callbacks) {
        requireNonNull(callbacks, "callbacks is null");
        this.store = store;
        this.loop = loop;
        this.name = requireNonNull(name, "name is null");
        this.membership = requireNonNull(membership, "membership is null");
        this.mirror = new KeyMirror(store, loop, ClusterKeys.MEMBERS, "the nodes in " + settings, this::changed);
        this.nodes = new NodePresence(mirror, loop, settings.departure());
        this.participation = new Participation(
                store,
                loop,
                adopting,
                settings,
                membership,
                ClusterKeys.sync(Member.requireName(name)),
                "{}",
                RingState.ANNOUNCED,
                new Owner(callbacks));
        this.floors = new FloorReader(store, loop, reading, name, participation.key(), callbacks::readFloors);
    }

    void start() {
        loop.execute(mirror::resync);
        participation.start();
    }

    /** Which life of the instance is registered, or was last. */
    public long incarnation() {
        return incarnation;
    }

    /** Whether the key stands, as far as is known here. */
    public boolean registered() {
        return participation.key().held() != null;
    }

    /**
     * Whether the lease is sure to stand, by both clocks, and a topology has been adopted in this incarnation: the
     * question to ask right before a commit.
     */
    public boolean leased() {
        return participation.leased();
    }

    /** How long ago the last confirmed renewal was sent, by the clock that says more; very long when not registered. */
    public Duration sinceConfirmed() {
        return participation.key().sinceConfirmed();
    }

    /** Whether etcd shows the key of this life of a node. True while etcd is away and it was there last. */
    public boolean isPresent(Member node) {
        return nodes.isPresent(node);
    }

    /** Has etcd asked anew which nodes there are; returns at once. */
    public void look() {
        loop.execute(mirror::resync);
    }

    /** Whether etcd was asked after that moment of {@link System#nanoTime} which nodes there are, and has answered. */
    public boolean hasLookedSince(long nanoTime) {
        return mirror.confirmedSince(nanoTime);
    }

    /**
     * Whether this life of a node is gone for good and answers nobody from memory any more: its key has been missing,
     * in answers that etcd gave to this instance, for longer than lease TTL and margin. Once true, always true.
     */
    public boolean isGone(Member node) {
        return nodes.isGone(node);
    }

    /** Revokes the lease, so that the others learn at once, and ends the threads. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        CompletableFuture<Boolean> revoked = new CompletableFuture<>();
        loop.execute(() -> {
            mirror.stop();
            var unused = participation.stop().whenComplete((done, thrown) -> revoked.complete(thrown == null && done));
        });
        try {
            var unused = revoked.get(REVOKE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("The lease of sync instance {} was not revoked in time; it ends by itself", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
        onClose.run();
        store.close();
    }

    private void changed() {
        Topology topology = membership.topology();
        nodes.look(topology);
        floors.look(topology);
    }

    /** Passes on what happens, in the sync service's own terms. */
    private final class Owner implements Participation.Owner {
        private final Callbacks callbacks;

        Owner(Callbacks callbacks) {
            this.callbacks = callbacks;
        }

        @Override
        public void registered(LeasedKey.Held held) {
            incarnation = held.incarnation();
            callbacks.registered(held.incarnation());
        }

        @Override
        public void lost(String reason) {
            callbacks.lost(reason);
        }

        @Override
        public void adopt(Topology topology) {
            callbacks.adopt(topology);
        }

        @Override
        public void changed() {
            SyncParticipant.this.changed();
        }
    }
}
