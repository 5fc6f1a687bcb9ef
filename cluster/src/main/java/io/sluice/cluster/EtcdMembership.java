package io.sluice.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology document in etcd, followed.
 *
 * <p>Invariant: only a document changes the topology. While etcd is away, when the document is missing (etcd lost its
 * data) and when it is malformed, the last topology stands.
 *
 * <p>Threading: thread-safe; state belongs to the thread {@code sluice-membership}, which also calls the listeners.
 */
public final class EtcdMembership implements Membership {
    private static final Logger log = LoggerFactory.getLogger(EtcdMembership.class);

    private final EtcdStore store;
    private final EtcdSettings settings;
    private final int replicationFactor;
    private final int virtualNodes;
    private final Loop loop;
    private final Listeners listeners;
    private final KeyMirror mirror;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private volatile Topology topology;
    /** Of the loop alone. */
    private EtcdStore.@Nullable StoredKey latest;

    /**
     * Reads the document, within the start timeout, and watches from there.
     *
     * @throws ClusterException when etcd does not answer in time
     */
    public static EtcdMembership open(EtcdSettings settings, int replicationFactor) {
        return open(new JetcdStore(settings), settings, replicationFactor);
    }

    static EtcdMembership open(EtcdStore store, EtcdSettings settings, int replicationFactor) {
        EtcdMembership membership = new EtcdMembership(
                store, settings, replicationFactor, Ring.DEFAULT_VIRTUAL_NODES, new ThreadLoop("sluice-membership"));
        membership.start();
        try {
            EtcdStart.await(settings, membership.opened, settings.startTimeout(), membership.mirror::failure);
        } catch (ClusterException e) {
            membership.close();
            throw e;
        }
        return membership;
    }

    EtcdMembership(EtcdStore store, EtcdSettings settings, int replicationFactor, int virtualNodes, Loop loop) {
        this.store = store;
        this.settings = settings;
        this.replicationFactor = replicationFactor;
        this.virtualNodes = virtualNodes;
        this.loop = loop;
        this.topology = Topology.none(replicationFactor);
        this.listeners = new Listeners(loop::execute, this::topology);
        this.mirror = new KeyMirror(store, loop, ClusterKeys.TOPOLOGY, "the topology in " + settings, this::look);
    }

    void start() {
        loop.execute(mirror::resync);
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public boolean confirmedSince(long nanoTime) {
        return mirror.confirmedSince(nanoTime);
    }

    @Override
    public void refresh() {
        loop.execute(mirror::resync);
    }

    @Override
    public Subscription addListener(Consumer<Topology> listener) {
        return listeners.add(listener);
    }

    @Override
    public void close() {
        loop.execute(mirror::stop);
        loop.close();
        store.close();
    }

    private void look() {
        EtcdStore.StoredKey stored = mirror.get(ClusterKeys.TOPOLOGY);
        // Compared whole: in an etcd that lost its data, another document may have the revision of an earlier one.
        if (stored != null && !stored.equals(latest)) {
            latest = stored;
            publish(stored);
        }
        opened.complete(true);
    }

    private void publish(EtcdStore.StoredKey stored) {
        Topology next;
        try {
            TopologyDocument document = TopologyJson.decode(stored.value());
            next = Topology.of(stored.modRevision(), document, replicationFactor, virtualNodes, topology);
        } catch (IllegalArgumentException e) {
            log.error(
                    "The topology document of {} is ignored: {}. Delete the key {}{}: the nodes write a new one",
                    settings,
                    e.getMessage(),
                    settings.root(),
                    ClusterKeys.TOPOLOGY);
            return;
        }
        topology = next;
        log.info("Cluster {}: {}", settings.cluster(), next);
        listeners.tellAll(next);
    }
}
