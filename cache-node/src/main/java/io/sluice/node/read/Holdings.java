package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;

/** What this node may keep, and answer from memory. Thread-safe; never blocks. */
public interface Holdings {
    /** The topology this node goes by. What it demands of the stores' floors is in them already. */
    Topology topology();

    /**
     * Whether every Remove of a key with this hash reaches this node by that topology, so that it may keep the entry
     * and answer with it.
     */
    boolean mayHold(Topology topology, long hash);

    /** Whether the member is this node in its present life. */
    boolean isSelf(Member member);

    /** Whether the others count on this node: false means that no Remove may reach it, whatever the topology says. */
    boolean isCountedOn();
}
