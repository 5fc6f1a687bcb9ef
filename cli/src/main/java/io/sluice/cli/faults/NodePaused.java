package io.sluice.cli.faults;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
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
        node.pause();
        try {
            Patience.pass(PAUSE);
        } finally {
            course.lifted();
            node.resume();
        }
        node.awaitReady();
        Patience.await(
                "three nodes in the ring that is routed by",
                () -> scene.client().topology().activeRing() != null
                        && scene.client().topology().members().size()
                                == scene.cluster().nodes().size());
        return "for " + PAUSE.toSeconds() + " s";
    }
}
