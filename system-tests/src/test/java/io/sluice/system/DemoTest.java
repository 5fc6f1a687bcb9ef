package io.sluice.system;

import io.sluice.cli.demo.DemoSteps;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.School;
import io.sluice.client.SluiceClient;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;

/** Every step of {@code ./sluice demo} shows what it says. */
@SystemTest
@Order(1)
class DemoTest {
    private final School school;
    private final LocalCluster cluster;
    private final SluiceClient client;

    DemoTest(Devstack stack) throws SQLException {
        school = School.create(stack.mysql(), "demo_school");
        cluster = LocalCluster.start(stack, "demo-school", 3, school.rules());
        client = cluster.client();
    }

    @AfterAll
    void stop() throws SQLException {
        client.close();
        cluster.close();
        school.close();
    }

    /** In this order, since later steps go on from what earlier ones did. */
    @TestFactory
    Stream<DynamicTest> demo() throws SQLException {
        cluster.awaitKeeping(client, "student", "1");
        DemoSteps steps = new DemoSteps(school, cluster, client);
        steps.awaitFollowed();
        return steps.all().stream()
                .map(step -> DynamicTest.dynamicTest(
                        step.title(), () -> step.action().run()));
    }
}
