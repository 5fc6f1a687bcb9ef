package io.sluice.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes and sync instances have in common: a key under a lease, each topology adopted by the owner, and what that
 * means confirmed in etcd.
 *
 * <p>A confirmation holds for one life of the participant. Hence this ordering is kept:
 *
 * <ol>
 *   <li>the key of a new incarnation stands;
 *   <li>the owner hears of it;
 *   <li>the topology is read from etcd anew, so it shows every ring that was announced before the key stood;
 *   <li>the owner adopts it;
 *   <li>the confirmation is written, if the incarnation is still the same.
 * </ol>
 *
 * <p>Belongs to its loop; the owner's {@link Owner#registered}, {@link Owner#lost} and {@link Owner#adopt} run on the
 * worker, one at a time and in order.
 */
final class Participation {
    private static final Logger log = LoggerFactory.getLogger(Participation.class);
    /** How much longer than its TTL the key of a killed process may stand. */
    private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(3);

    private static final long RETRY_MILLIS = 200;
    private static final long FRESHNESS_POLL_MILLIS = 5;

    private final Loop loop;
    private final Executor worker;
    private final Membership membership;
    private final RingState confirms;
    private final Owner owner;
    private final LeasedKey key;
    private final LatestValue confirmation;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private Membership.Subscription subscription = () -> {};

    /** When the key of the present incarnation was seen to stand. */
    private long heldNanos;

    private boolean adopting;
    private @Nullable Topology adopted;
    private volatile long adoptedIncarnation;
    private boolean polling;
    private boolean stopped;

    /** The participant proper. */
    interface Owner {
        /** On the worker. */
        void registered(LeasedKey.Held held);

        /** On the worker. */
        void lost(String reason);

        /** On the worker. */
        void adopt(Topology topology);

        /** On the loop: the key or the topology is another one. */
        void changed();
    }

    /**
     * @param worker runs tasks one after the other
     * @param confirms the state of the rings that this kind of participant confirms
     */
    Participation(
            EtcdStore store,
            Loop loop,
            Executor worker,
            EtcdSettings settings,
            Membership membership,
            String key,
            String value,
            RingState confirms,
            Owner owner) {
        this.loop = loop;
        this.worker = worker;
        this.membership = membership;
        this.confirms = confirms;
        this.owner = owner;
        this.key = new LeasedKey(store, loop, settings, key, value, new LeasedKey.Listener() {
            @Override
            public void held(LeasedKey.Held held) {
                heldNanos = loop.nanoTime();
                worker.execute(() -> owner.registered(held));
                membership.refresh();
                look();
            }

            @Override
            public void lost(LeasedKey.Held last, String reason) {
                worker.execute(() -> owner.lost(reason));
                look();
            }
        });
        this.confirmation = new LatestValue(store, loop, this.key, ClusterKeys.confirmation(key));
    }

    void start() {
        subscription = membership.addListener(topology -> loop.execute(this::look));
        loop.execute(key::claim);
    }

    /**
     * Whether the lease is sure to stand, and the owner knows in which incarnation. Without the latter there is a race:
     *
     * <ol>
     *   <li>the lease of incarnation 3 ends, and the worker is busy, so the owner does not hear of it yet;
     *   <li>incarnation 8 is registered, under a fresh lease;
     *   <li>the owner asks whether its lease stands, hears yes, and goes on as incarnation 3, which nobody counts on.
     * </ol>
     */
    boolean leased() {
        LeasedKey.Held held = key.held();
        return held != null && held.incarnation() == adoptedIncarnation && key.leased();
    }

    LeasedKey key() {
        return key;
    }

    /** Done when the first incarnation has adopted and needs only to confirm. */
    CompletableFuture<Boolean> ready() {
        return ready;
    }

    /** Revokes the lease. To be called on the loop. */
    CompletableFuture<Boolean> stop() {
        stopped = true;
        subscription.close();
        return key.stop();
    }

    private void look() {
        if (stopped) {
            return;
        }
        owner.changed();
        adopt();
    }

    private void adopt() {
        // In this order: the other way round the topology could be older than the registration that it is taken to
        // follow.
        long incarnation = freshIncarnation();
        Topology topology = membership.topology();
        boolean due = topology != adopted || (incarnation != 0 && incarnation != adoptedIncarnation);
        if (adopting || !due) {
            return;
        }
        adopting = true;
        worker.execute(() -> {
            boolean done = runAdopt(topology);
            loop.execute(() -> adopted(topology, incarnation, done));
        });
    }

    /** The incarnation that stands, once the topology is known to be no older than it; else 0. */
    private long freshIncarnation() {
        LeasedKey.Held held = key.held();
        if (held == null) {
            return 0;
        }
        if (membership.confirmedSince(heldNanos)) {
            return held.incarnation();
        }
        if (!polling) {
            polling = true;
            loop.schedule(FRESHNESS_POLL_MILLIS, () -> {
                polling = false;
                look();
            });
        }
        return 0;
    }

    private boolean runAdopt(Topology topology) {
        try {
            owner.adopt(topology);
            return true;
        } catch (RuntimeException e) {
            log.error("{} could not be adopted; trying again", topology, e);
            return false;
        }
    }

    private void adopted(Topology topology, long incarnation, boolean done) {
        adopting = false;
        if (stopped) {
            return;
        }
        if (!done) {
            loop.schedule(RETRY_MILLIS, this::adopt);
            return;
        }
        adopted = topology;
        adoptedIncarnation = incarnation;
        if (incarnation != 0) {
            confirm(topology, incarnation);
            ready.complete(true);
        }
        adopt();
    }

    private void confirm(Topology topology, long incarnation) {
        LeasedKey.Held held = key.held();
        Set<Long> rings = topology.rings().stream()
                .filter(ring -> ring.state() == confirms)
                .map(RingRecord::id)
                .collect(Collectors.toSet());
        if (held == null || held.incarnation() != incarnation || rings.isEmpty()) {
            return;
        }
        confirmation.write(held, new Confirmation(incarnation, topology.revision(), rings).encode());
    }

    /**
     * Waits until the participant is ready.
     *
     * @throws ClusterException when etcd does not answer in time, or somebody else has the name
     */
    void await(EtcdSettings settings, String what, String name) {
        Duration patience = max(settings.startTimeout(), settings.leaseTtl().plus(EXPIRY_MARGIN));
        try {
            var unused = EtcdStart.await(settings, ready, patience, key::failure);
        } catch (ClusterException e) {
            EtcdStore.StoredKey other = key.standing();
            throw other == null || key.held() != null
                    ? e
                    : new ClusterException(taken(settings, what, name, other, patience), e);
        }
    }

    private static String taken(
            EtcdSettings settings, String what, String name, EtcdStore.StoredKey other, Duration patience) {
        return "the name " + name + " in cluster " + settings.cluster() + " is taken by incarnation "
                + other.createRevision() + address(other) + ": give this " + what
                + " another name, or stop that process; the name of a killed process is free after its lease TTL."
                + " Waited " + patience.toSeconds() + " s";
    }

    private static String address(EtcdStore.StoredKey stored) {
        if (!stored.key().startsWith(ClusterKeys.MEMBERS)) {
            return "";
        }
        try {
            return " at " + MemberRecord.decode(stored).address();
        } catch (IllegalArgumentException e) {
            return " (with a malformed record)";
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
