package io.sluice.cli.faults;

import io.sluice.devstack.CanalServer;
import java.time.Duration;
import java.util.Locale;

/**
 * Canal dies and begins again at an older position, as one does that was restored or had not written its position: what
 * it had sent comes a second time, behind what came after it. Stateless.
 */
final class CanalReplays implements FaultScenario {
    private static final String METRIC = "sluice_sync_removals_covered_total";

    @Override
    public String name() {
        return "canal-replays";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) throws Exception {
        CanalServer canal = scene.stack().canal();
        Duration half = course.lasting().dividedBy(2);
        canal.stop();
        byte[] position = canal.position();
        canal.restart();
        Patience.pass(half);
        scene.flow().awaitApplied();
        canal.kill();
        double covered = SyncCounters.sum(scene.sync(), METRIC);
        long end = scene.flow().end();
        canal.goBackTo(position);
        course.lifted();
        canal.restart();
        scene.flow().awaitApplied();
        return String.format(
                Locale.ROOT,
                "%d records, %.0f removals that found newer entries",
                scene.flow().end() - end,
                SyncCounters.sum(scene.sync(), METRIC) - covered);
    }
}
