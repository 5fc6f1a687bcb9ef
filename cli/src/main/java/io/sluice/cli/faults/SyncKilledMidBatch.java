package io.sluice.cli.faults;

import io.sluice.cli.demo.SluiceProcess;

/**
 * The sync service dies while a node that stands still has batches of it unanswered, is away while rows change, and is
 * started again. Stateless.
 */
final class SyncKilledMidBatch implements FaultScenario {
    @Override
    public String name() {
        return "sync-killed";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) {
        SluiceProcess sync = scene.sync();
        SluiceProcess node = scene.cluster().node("node-1");
        long inFlight;
        node.pause();
        try {
            inFlight = SyncCounters.awaitInFlight(sync);
            sync.kill();
        } finally {
            node.resume();
        }
        Patience.pass(course.lasting().dividedBy(2));
        course.lifted();
        sync.launch();
        sync.awaitReady();
        return inFlight + " removals in flight";
    }
}
