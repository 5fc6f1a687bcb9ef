package io.sluice.cluster;

/** A read is forwarded at most once, however far two nodes' rings differ. */
final class NoRoutingLoop implements SimInvariant {
    @Override
    public void read(SimNode node, int key, int hops) {
        require(hops <= 1, () -> "a read reached " + node.name + " by " + hops + " hops");
    }
}
