package io.sluice.cli.faults;

import io.sluice.cli.demo.SluiceProcess;

/**
 * Retention deletes what the sync service has not read while it is down: its offsets are gone when it comes back, and
 * nobody can say any more what has changed. Stateless.
 */
final class TopicTruncated implements FaultScenario {
    private static final int MISSED = 500;
    private static final String METRIC = "sluice_sync_lost_positions_total";

    @Override
    public String name() {
        return "topic-truncated";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) throws Exception {
        SluiceProcess sync = scene.sync();
        sync.kill();
        course.load().awaitChanges(MISSED);
        Patience.await(
                "records to delete that were not done", () -> scene.flow().truncate());
        course.lifted();
        sync.launch();
        sync.awaitReady();
        Patience.await("the service seeing that its offsets are gone", () -> SyncCounters.sum(sync, METRIC) > 0);
        return (int) SyncCounters.sum(sync, METRIC) + " partitions lost their position";
    }
}
