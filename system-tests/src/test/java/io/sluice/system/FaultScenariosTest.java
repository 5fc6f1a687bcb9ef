package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.faults.FaultBench;
import io.sluice.cli.faults.FaultOutcome;
import io.sluice.cli.faults.FaultScene;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scenarios of {@code ./sluice bench faults} that no other test has, short: once the change stream is applied, no
 * node holds anything that MySQL does not have. {@link FaultsTest} has killed and paused processes; a killed MySQL, to
 * which Canal comes back only after some 10 s, is left to the command.
 */
@SystemTest
@Order(12)
class FaultScenariosTest {
    private static final Duration LASTING = Duration.ofSeconds(4);

    private final FaultScene scene;
    private final FaultBench bench;

    FaultScenariosTest(Devstack stack) throws SQLException {
        scene = FaultScene.start(stack, "fault_scenarios");
        bench = new FaultBench(scene, LASTING, System.out);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rebalances", "poison", "topic-truncated", "canal-replays"})
    void nothingIsStaleAfterwards(String scenario) throws Exception {
        FaultOutcome outcome = bench.run(scenario);
        assertThat(outcome.complaint())
                .as("%s, seen of it: %s", scenario, outcome.seen())
                .isEmpty();
        assertThat(outcome.details()).isEmpty();
        assertThat(outcome.readBack()).isPositive();
    }
}
