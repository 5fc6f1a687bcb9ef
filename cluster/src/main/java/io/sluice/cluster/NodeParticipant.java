package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
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
 * A node's part in ring changes: its member key under a lease, the topologies it adopts, the closing rings it confirms,
 * and its turn as coordinator.
 *
 * <p>Threading: thread-safe. State belongs to the thread {@code sluice-participant}; {@link Callbacks} run one at a
 * time on the thread {@code sluice-adopt}.
 */
public final class NodeParticipant implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeParticipant.class);
    private static final long REVOKE_SECONDS = 4;
    private static final long LEAVE_RETRY_MILLIS = 200;

    private final EtcdStore store;
    private final Loop loop;
    private final Member self;
    private final Membership membership;
    private final KeyMirror mirror;
    private final NodePresence nodes;
    private final Participation participation;
    private final Coordinator coordinator;
    private final CompletableFuture<Boolean> left = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Runnable onClose = () -> {};
    private volatile Member member;
    /** Of the loop. */
    private boolean leaving;

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
     * Registers and returns once the key stands, {@link Callbacks#registered} has returned, and {@link Callbacks#adopt}
     * with a topology read since. The key of an earlier life, killed a moment ago, is waited out.
     *
     * @param self the incarnation in it is ignored
     * @throws ClusterException when etcd does not answer in time or another process has the name
     */
    public static NodeParticipant register(
            EtcdSettings settings, RingChanges changes, Member self, Membership membership, Callbacks callbacks) {
        return register(new JetcdStore(settings), settings, changes, self, membership, callbacks);
    }

    static NodeParticipant register(
            EtcdStore store,
            EtcdSettings settings,
            RingChanges changes,
            Member self,
            Membership membership,
            Callbacks callbacks) {
        ExecutorService worker = NamedThreads.pool("sluice-adopt", 1);
        Loop loop = new ThreadLoop("sluice-participant");
        Coordinator.Rule rule = new RingDecision(changes, settings.departure())::next;
        NodeParticipant participant =
                new NodeParticipant(store, loop, worker, settings, rule, self, membership, callbacks);
        participant.onClose = worker::shutdownNow;
        participant.start();
        try {
            participant.participation.await(settings, "node", self.name());
        } catch (ClusterException e) {
            participant.close();
            throw e;
        }
        return participant;
    }

    NodeParticipant(
            EtcdStore store,
            Loop loop,
            Executor worker,
            EtcdSettings settings,
            Coordinator.Rule rule,
            Member self,
            Membership membership,
            Callbacks callbacks) {
        requireNonNull(callbacks, "callbacks is null");
        this.store = store;
        this.loop = loop;
        this.self = requireNonNull(self, "self is null");
        this.member = self;
        this.membership = requireNonNull(membership, "membership is null");
        this.mirror = new KeyMirror(store, loop, ClusterKeys.ALL, "the cluster in " + settings, this::look);
        this.nodes = new NodePresence(mirror, loop, settings.departure());
        this.participation = new Participation(
                store,
                loop,
                worker,
                settings,
                membership,
                ClusterKeys.member(self.name()),
                MemberRecord.encode(self, false),
                RingState.CLOSING,
                new Owner(callbacks));
        this.coordinator = new Coordinator(store, loop, mirror, rule, self.name(), participation.key());
    }

    void start() {
        loop.execute(mirror::resync);
        participation.start();
    }

    /** This member in its latest incarnation. */
    public Member member() {
        return member;
    }

    /** Whether the key stands, as far as is known here. */
    public boolean registered() {
        return participation.key().held() != null;
    }

    /**
     * The self-fence: whether the lease is sure to stand. It is when its last confirmed renewal was sent less than the
     * TTL less a margin ago, by the monotonic and by the wall clock, the key was this node's own then, and a topology
     * has been adopted in this incarnation.
     */
    public boolean leased() {
        return participation.leased();
    }

    /** How long ago the last confirmed renewal was sent, by the clock that says more; very long when not registered. */
    public Duration sinceConfirmed() {
        return participation.key().sinceConfirmed();
    }

    /** As {@link SyncParticipant#isGone}, by the answers that etcd gave to this node. */
    public boolean isGone(Member node) {
        return nodes.isGone(node);
    }

    /**
     * Says that this node is leaving and waits, at most so long, until no ring that is routed by, or soon will be, has
     * it. The key stands until {@link #close}, so peers may still peek.
     *
     * @return whether the others no longer route to it; false at once when there is no other node to route to
     */
    public boolean leave(Duration atMost) {
        loop.execute(this::beginLeaving);
        try {
            return left.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("Node {} is still routed to after {} ms and leaves all the same", self.name(), atMost.toMillis());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
            if (!revoked.get(REVOKE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The lease of node {} was not revoked; it ends by itself", self.name());
            }
        } catch (TimeoutException | ExecutionException e) {
            log.warn("The lease of node {} was not revoked in time; it ends by itself", self.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
        onClose.run();
        store.close();
    }

    private void look() {
        nodes.look(membership.topology());
        coordinator.look();
        checkLeft();
    }

    void beginLeaving() {
        leaving = true;
        Replies.on(
                loop,
                participation.key().rewrite(MemberRecord.encode(self, true)),
                written -> checkLeft(),
                thrown -> loop.schedule(LEAVE_RETRY_MILLIS, this::beginLeaving));
    }

    private void checkLeft() {
        if (!leaving) {
            return;
        }
        Topology topology = membership.topology();
        boolean routed = topology.rings().stream()
                .anyMatch(ring -> (ring.state() == RingState.ACTIVE || ring.state() == RingState.ANNOUNCED)
                        && ring.has(member.name(), member.incarnation()));
        if (!routed) {
            left.complete(true);
        } else if (mirror.under(ClusterKeys.MEMBERS).stream()
                .allMatch(stored -> stored.key().equals(participation.key().key()))) {
            left.complete(false);
        }
    }

    /** Passes on what happens, in the node's own terms. */
    private final class Owner implements Participation.Owner {
        private final Callbacks callbacks;

        Owner(Callbacks callbacks) {
            this.callbacks = callbacks;
        }

        @Override
        public void registered(LeasedKey.Held held) {
            member = self.withIncarnation(held.incarnation());
            callbacks.registered(member);
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
            look();
        }
    }
}
