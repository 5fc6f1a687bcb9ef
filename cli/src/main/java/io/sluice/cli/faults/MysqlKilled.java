package io.sluice.cli.faults;

/** MySQL dies, is away for a while, and comes back with its data. Stateless. */
final class MysqlKilled implements FaultScenario {
    @Override
    public String name() {
        return "mysql-killed";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) {
        scene.stack().mysql().kill();
        Patience.pass(course.lasting().dividedBy(4));
        course.lifted();
        scene.stack().mysql().restart();
        return "";
    }
}
