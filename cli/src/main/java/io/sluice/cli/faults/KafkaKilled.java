package io.sluice.cli.faults;

/** The broker dies, is away while rows change, and comes back with its data. Stateless. */
final class KafkaKilled implements FaultScenario {
    @Override
    public String name() {
        return "kafka-killed";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) {
        scene.stack().kafka().kill();
        Patience.pass(course.lasting().dividedBy(4));
        course.lifted();
        scene.stack().kafka().restart();
        scene.sync().awaitReady();
        return "";
    }
}
