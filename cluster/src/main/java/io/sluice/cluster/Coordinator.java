package io.sluice.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's turn at writing the topology document. The seat is a key under the node's lease, so it falls vacant with the
 * node; every node runs for a vacant seat.
 *
 * <p>Two nodes that both believe to have the seat do no harm: the document is written only if it still is the one that
 * was decided on, and only by who created the seat. What is decided depends on what stands in etcd and on times that
 * begin anew with each coordinator, so one may die between any two steps.
 *
 * <p>Belongs to its loop.
 */
final class Coordinator {
    private static final Logger log = LoggerFactory.getLogger(Coordinator.class);
    private static final long RETRY_MILLIS = 200;
    /** How long a write of ours may take to show in the mirror before its watch counts as dead. */
    private static final long ECHO_MILLIS = 2_000;

    private final EtcdStore store;
    private final Loop loop;
    private final KeyMirror mirror;
    private final Rule rule;
    private final String name;
    private final LeasedKey key;
    private final ViewReader reader = new ViewReader();
    private Sightings seen = new Sightings();
    private long seat;
    private boolean asking;
    /** The document revision that the last write replaced: nothing is decided until the mirror shows another. */
    private long replaced = -1;

    private Loop.@Nullable Timer wake;

    /** {@link RingDecision#next}; a simulation may put a broken one here. */
    interface Rule {
        RingDecision.Decision next(ClusterView view, Sightings seen, long nowNanos);
    }

    Coordinator(EtcdStore store, Loop loop, KeyMirror mirror, Rule rule, String name, LeasedKey key) {
        this.store = store;
        this.loop = loop;
        this.mirror = mirror;
        this.rule = rule;
        this.name = name;
        this.key = key;
    }

    /** Something in etcd, or of the own key, has changed, or time has passed. */
    void look() {
        LeasedKey.Held held = key.held();
        if (held == null || asking || !mirror.connected()) {
            return;
        }
        EtcdStore.StoredKey sitting = mirror.get(ClusterKeys.COORDINATOR);
        if (sitting == null) {
            run(held);
        } else if (sitting.lease() == held.lease()) {
            decide(sitting.createRevision());
        }
    }

    private void run(LeasedKey.Held held) {
        asking = true;
        String self = RingDecision.participant(name, held.incarnation());
        Replies.on(
                loop,
                store.createIfAbsent(ClusterKeys.COORDINATOR, self, held.lease()),
                sitting -> {
                    asking = false;
                    long knownRevision = mirror.revision();
                    loop.schedule(ECHO_MILLIS, () -> {
                        if (mirror.revision() == knownRevision && knownRevision < sitting.createRevision()) {
                            mirror.resync();
                        }
                    });
                    look();
                },
                this::failed);
    }

    private void decide(long sitting) {
        if (seat != sitting) {
            seat = sitting;
            seen = new Sightings();
            replaced = -1;
            log.info("Node {} coordinates ring changes", name);
        }
        ClusterView view = reader.read(mirror.revision(), mirror.keys());
        long now = loop.nanoTime();
        seen.update(view, RingDecision.desired(view), now);
        if (view.documentRevision() == replaced) {
            return;
        }
        RingDecision.Decision decision = rule.next(view, seen, now);
        TopologyDocument next = decision.document();
        if (next != null) {
            write(view, next, sitting);
        } else if (decision.wakeNanos() != Long.MAX_VALUE) {
            lookAgainIn((decision.wakeNanos() - now) / 1_000_000 + 1);
        }
    }

    private void write(ClusterView view, TopologyDocument next, long sitting) {
        asking = true;
        Replies.on(
                loop,
                store.putIf(
                        List.of(
                                EtcdStore.Condition.modified(ClusterKeys.TOPOLOGY, view.documentRevision()),
                                EtcdStore.Condition.created(ClusterKeys.COORDINATOR, sitting)),
                        ClusterKeys.TOPOLOGY,
                        TopologyJson.encode(next),
                        0),
                written -> {
                    asking = false;
                    if (written) {
                        log.info("Node {} changes the rings to {}", name, next.rings());
                        replaced = view.documentRevision();
                        awaitEcho();
                        look();
                    } else {
                        // Somebody else wrote: the mirror is about to show it.
                        lookAgainIn(RETRY_MILLIS);
                    }
                },
                this::failed);
    }

    private void awaitEcho() {
        long mine = replaced;
        loop.schedule(ECHO_MILLIS, () -> {
            EtcdStore.StoredKey document = mirror.get(ClusterKeys.TOPOLOGY);
            if (replaced == mine && (document == null ? 0 : document.modRevision()) == mine) {
                mirror.resync();
            }
        });
    }

    private void failed(Throwable thrown) {
        asking = false;
        lookAgainIn(RETRY_MILLIS);
    }

    private void lookAgainIn(long millis) {
        if (wake != null) {
            wake.cancel();
        }
        wake = loop.schedule(millis, this::look);
    }
}
