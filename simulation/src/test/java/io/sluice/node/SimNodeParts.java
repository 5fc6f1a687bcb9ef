package io.sluice.node;

import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.SimParts;
import io.sluice.coherence.Clocks;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.Holdings;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** The production classes of this package that decide what a node holds, for a simulated node. */
public final class SimNodeParts {
    private static final ClusterConfig CLUSTER =
            new ClusterConfig(List.of("sim:1"), null, "sim", null, null, null, null, null, null, null, null, null);

    private final Tenure tenure;
    private final Presence presence;

    /** @param lent ends what is lent of keys that a predicate rejects, and returns when it is over */
    public SimNodeParts(
            String self,
            CacheGroups groups,
            AppliedPositions applied,
            Consumer<LongPredicate> lent,
            Duration unleasedStaleness,
            Clocks clock) {
        tenure = new Tenure(self, SimParts.none(), unleasedStaleness, clock);
        tenure.fenceBy(() -> false);
        presence = new Presence(
                self,
                tenure,
                groups,
                new Floors(groups, CLUSTER),
                applied,
                topology -> {},
                lent,
                new WarmUp(() -> true),
                new HealthStatusManager());
    }

    public Holdings holdings() {
        return tenure;
    }

    public NodeParticipant.Callbacks callbacks() {
        return presence;
    }

    public void fenceBy(BooleanSupplier leaseStands) {
        tenure.fenceBy(leaseStands);
    }

    public long incarnation() {
        return tenure.incarnation();
    }

    /** Whether the others count on this life, as far as it knows. */
    public boolean isRouted() {
        return tenure.isRouted();
    }
}
