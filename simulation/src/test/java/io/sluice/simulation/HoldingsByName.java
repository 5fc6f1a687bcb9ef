package io.sluice.simulation;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Holdings;

/** Holds as any incarnation of its name. */
final class HoldingsByName implements Holdings {
    private final String name;
    private final Holdings holdings;

    HoldingsByName(String name, Holdings holdings) {
        this.name = name;
        this.holdings = holdings;
    }

    @Override
    public Topology topology() {
        return holdings.topology();
    }

    @Override
    public boolean mayHold(Topology topology, CacheGroup ofGroup, long hash) {
        return isLeased() && topology.isHolder(name, hash);
    }

    @Override
    public boolean isSelf(Member member) {
        return holdings.isSelf(member);
    }

    @Override
    public boolean isLeased() {
        return holdings.isLeased();
    }
}
