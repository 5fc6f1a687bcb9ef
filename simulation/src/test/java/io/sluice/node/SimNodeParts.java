package io.sluice.node;

import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.Member;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.SimParts;
import io.sluice.cluster.Topology;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.NodeClock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The production classes of this package that decide what a node holds, for a simulated node. */
public final class SimNodeParts {
    private static final ClusterConfig CLUSTER =
            new ClusterConfig(List.of("sim:1"), null, "sim", null, null, null, null, null, null, null, null, null);

    private final Tenure tenure;
    private final Presence presence;

    public SimNodeParts(
            String self, CacheGroups groups, AppliedPositions applied, Duration unleasedStaleness, NodeClock clock) {
        tenure = new Tenure(self, SimParts.none(), unleasedStaleness, clock);
        tenure.fenceBy(() -> false);
        presence = new Presence(
                self,
                tenure,
                groups,
                new Floors(groups, CLUSTER),
                applied,
                topology -> {},
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

    public boolean mayRetain(Topology by, long hash) {
        return tenure.mayRetain(by, hash);
    }

    /** Whether the others count on this life, as far as it knows. */
    public boolean isRouted() {
        return tenure.isRouted();
    }

    public static Member member(String name) {
        return Member.of(name, "h", 1);
    }
}
