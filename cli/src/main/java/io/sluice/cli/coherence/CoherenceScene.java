package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.ClusterPlan;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cli.faults.ChangeFlow;
import io.sluice.client.NearCacheSettings;
import io.sluice.client.SluiceClient;
import io.sluice.cluster.EtcdSettings;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rows in a database of their own on a running stack, and a cluster that caches them. Used by one thread. */
public final class CoherenceScene implements AutoCloseable {
    static final int NODES = 3;
    /** As in production: a fault is short or long by it. */
    static final Duration LEASE_TTL = EtcdSettings.DEFAULT_LEASE_TTL;

    /** Short, so that rings come to their end while a fault is recovered from. */
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final Devstack stack;
    private final VersionedRows rows;
    private final LocalCluster cluster;
    private final SluiceClient client;
    private final SluiceClient near;
    private final List<BatchReader.Asked> batchesOf = new ArrayList<>();
    private final ChangeFlow flow;

    private CoherenceScene(Devstack stack, VersionedRows rows, LocalCluster cluster, String name) {
        this.stack = stack;
        this.rows = rows;
        this.cluster = cluster;
        this.client = cluster.client();
        this.near = cluster.client(builder -> builder.nearCache(NearCacheSettings.DEFAULTS));
        batchesOf.add(new BatchReader.Asked("the ring", client));
        for (SluiceProcess node : cluster.nodes()) {
            batchesOf.add(new BatchReader.Asked(node.name(), alone(node)));
        }
        this.flow = new ChangeFlow(rows::connect, stack, LocalCluster.syncGroup(name));
    }

    /**
     * Makes the database {@code name} and starts the cluster {@code name}.
     *
     * @param broken leaves a rule out, so that there is something to find
     */
    public static CoherenceScene start(Devstack stack, String name, boolean broken) throws SQLException {
        requireNonNull(stack, "stack is null");
        VersionedRows rows = VersionedRows.create(stack.mysql(), name);
        ClusterPlan plan = ClusterPlan.of(
                        name, NODES, rows.rules(broken), stack.canal().topic())
                .withWarmUp(WARM_UP)
                .withLeaseTtl(LEASE_TTL);
        CoherenceScene scene = new CoherenceScene(stack, rows, LocalCluster.start(stack, plan), name);
        scene.cluster.awaitKeeping(scene.client, VersionedRows.LIFE, "1");
        return scene;
    }

    /** A client that has the node in a ring of its own, and so asks it for everything; the caller closes it. */
    static SluiceClient alone(SluiceProcess node) {
        return SluiceClient.builder()
                .members(node.name() + "=127.0.0.1:" + node.port())
                .build();
    }

    Devstack stack() {
        return stack;
    }

    VersionedRows rows() {
        return rows;
    }

    LocalCluster cluster() {
        return cluster;
    }

    SluiceClient client() {
        return client;
    }

    /** A client with a near cache. */
    SluiceClient near() {
        return near;
    }

    /** Whom batches are asked of: the ring, and each node that the cluster began with. */
    List<BatchReader.Asked> batchesOf() {
        return batchesOf;
    }

    ChangeFlow flow() {
        return flow;
    }

    @Override
    public void close() {
        flow.close();
        near.close();
        batchesOf.forEach(asked -> asked.client().close());
        cluster.close();
    }
}
