package io.sluice.cli.faults;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import java.time.Duration;

/** A node stands still for two leases, so that nobody counts on it any more, and goes on. Stateless. */
final class NodePaused implements FaultScenario {
    private static final Duration PAUSE = LocalCluster.LEASE_TTL.multipliedBy(2);

    @Override
    public String name() {
        return "node-paused";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) {
        SluiceProcess node = scene.cluster().node("node-3");
        long before = incarnation(scene, node);
        node.pause();
        try {
            Patience.pass(PAUSE);
        } finally {
            course.lifted();
            node.resume();
        }
        // It has lost its lease: what it held counts for nothing, and it joins as one that holds nothing.
        Patience.await(node.name() + " in the ring under a new incarnation", () -> incarnation(scene, node) > before);
        node.awaitReady();
        return "for " + PAUSE.toSeconds() + " s";
    }

    /** That by which the ring has the node that is routed by; 0 when it has not. */
    private static long incarnation(FaultScene scene, SluiceProcess node) {
        RingRecord active = scene.client().topology().activeRing();
        return active == null
                ? 0
                : active.members().stream()
                        .filter(member -> member.name().equals(node.name()))
                        .mapToLong(Member::incarnation)
                        .findFirst()
                        .orElse(0);
    }
}
