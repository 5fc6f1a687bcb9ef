package io.sluice.cli.faults;

import io.sluice.cli.demo.SluiceProcess;

/** A node dies with batches of the sync service unanswered, and comes back under its name. Stateless. */
final class NodeKilledMidBatch implements FaultScenario {
    @Override
    public String name() {
        return "node-killed";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) {
        SluiceProcess node = scene.cluster().node("node-2");
        long inFlight;
        node.pause();
        try {
            inFlight = SyncCounters.awaitInFlight(scene.sync());
        } finally {
            node.kill();
        }
        Patience.pass(course.lasting().dividedBy(2));
        course.lifted();
        node.launch();
        node.awaitReady();
        return inFlight + " removals in flight";
    }
}
