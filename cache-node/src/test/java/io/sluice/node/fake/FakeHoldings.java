package io.sluice.node.fake;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Holdings;

/** What a node may hold that adopts every topology at once, in the life 0. Thread-safe. */
public final class FakeHoldings implements Holdings {
    private final String self;
    private final Membership membership;
    private volatile boolean counted = true;
    private volatile boolean leased = true;

    public FakeHoldings(String self, Membership membership) {
        this.self = self;
        this.membership = membership;
    }

    public void countedOn(boolean now) {
        counted = now;
    }

    /** Without, while counted on: the lease is not sure to stand, but the bound is small. */
    public void leased(boolean now) {
        leased = now;
    }

    @Override
    public Topology topology() {
        return membership.topology();
    }

    @Override
    public boolean mayHold(Topology topology, CacheGroup group, long hash) {
        return counted && topology.mayHold(self, 0, hash);
    }

    @Override
    public boolean isSelf(Member member) {
        return member.name().equals(self) && member.incarnation() == 0;
    }

    @Override
    public boolean isLeased() {
        return counted && leased;
    }
}
