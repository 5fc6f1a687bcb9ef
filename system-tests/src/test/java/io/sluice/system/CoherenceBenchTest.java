package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.coherence.CoherenceBench;
import io.sluice.cli.coherence.CoherenceOutcome;
import io.sluice.cli.coherence.CoherenceScene;
import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * {@code ./sluice bench coherence}, short: every answer is one that the row was, no answer is stale in the end, and
 * what is stale is found. Faults are left to the command and to {@link FaultScenariosTest}.
 */
@SystemTest
@Order(12)
class CoherenceBenchTest {
    private static final Duration SHORT = Duration.ofSeconds(6);

    private final Devstack stack;

    CoherenceBenchTest(Devstack stack) {
        this.stack = stack;
    }

    @Test
    void nothingIsStaleAfterSettling() throws SQLException {
        CoherenceOutcome outcome = run("coherence_bench", false);
        assertThat(outcome.complaint()).isEmpty();
        assertThat(outcome.changes()).isPositive();
        assertThat(outcome.readsByPath().values())
                .allSatisfy(reads -> assertThat(reads).isPositive());
    }

    @Test
    void whatALeftOutRuleLeavesStaleIsFound() throws SQLException {
        CoherenceOutcome outcome = run("coherence_bench_broken", true);
        assertThat(outcome.staleAfterSettling()).isPositive();
        assertThat(outcome.staleReadsOver1s()).isPositive();
        assertThat(outcome.invisibleWithin1sRatio()).isLessThan(0.9);
        assertThat(outcome.complaint()).contains("differ from MySQL");
    }

    private CoherenceOutcome run(String name, boolean broken) throws SQLException {
        try (CoherenceScene scene = CoherenceScene.start(stack, name, broken)) {
            return new CoherenceBench(scene, System.out).run(SHORT);
        }
    }
}
