package io.sluice.cli.faults;

import java.util.List;

/** Something that goes wrong while rows change. Used by one thread. */
interface FaultScenario {
    /** What it is called on the command line. */
    String name();

    /**
     * Does it, tells the course when the fault is lifted, and returns when everything runs again. Throws
     * IllegalStateException when the fault did not come about, so that nothing was tried.
     *
     * @return what was seen of it, in some words
     */
    String happen(FaultScene scene, FaultCourse course) throws Exception;

    /** Every one, in the order in which they run. */
    static List<FaultScenario> all() {
        return List.of(
                new SyncKilledMidBatch(),
                new NodeKilledMidBatch(),
                new NodePaused(),
                new Rebalances(),
                new PoisonMessages(),
                new TopicTruncated(),
                new KafkaKilled(),
                new CanalReplays(),
                new MysqlKilled());
    }
}
