package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.SluiceClient;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;

/**
 * What faults happen to: rows in a database of their own on a running stack, and a cluster of three nodes and a sync
 * service that caches them. Scenarios run on it one after the other, and each leaves everything running. Used by one
 * thread.
 */
public final class FaultScene implements AutoCloseable {
    private static final int NODES = 3;

    private final Devstack stack;
    private final FaultRows rows;
    private final LocalCluster cluster;
    private final SluiceClient client;
    private final ChangeFlow flow;
    private final String group;

    private FaultScene(Devstack stack, FaultRows rows, LocalCluster cluster) {
        this.stack = stack;
        this.rows = rows;
        this.cluster = cluster;
        this.client = cluster.client();
        this.group = LocalCluster.syncGroup(rows.database());
        this.flow = new ChangeFlow(rows::connect, stack, group);
    }

    /** Makes the database {@code name} and starts the cluster {@code name}. */
    public static FaultScene start(Devstack stack, String name) throws SQLException {
        requireNonNull(stack, "stack is null");
        FaultRows rows = FaultRows.create(stack.mysql(), name);
        FaultScene scene = new FaultScene(stack, rows, LocalCluster.start(stack, name, NODES, rows.rules()));
        scene.cluster.awaitKeeping(scene.client, FaultRows.ITEM, "1");
        return scene;
    }

    Devstack stack() {
        return stack;
    }

    FaultRows rows() {
        return rows;
    }

    LocalCluster cluster() {
        return cluster;
    }

    SluiceProcess sync() {
        return cluster.sync();
    }

    SluiceClient client() {
        return client;
    }

    ChangeFlow flow() {
        return flow;
    }

    /** The consumer group of the sync service. */
    String group() {
        return group;
    }

    @Override
    public void close() {
        flow.close();
        client.close();
        cluster.close();
    }
}
