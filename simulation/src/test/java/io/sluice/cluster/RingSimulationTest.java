package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Ring changes under faults, in one thread: the production membership, participants, coordinator and decision on a
 * simulated clock, network and etcd.
 */
class RingSimulationTest {
    /** More of them: {@code -Dsluice.sim.seeds=100000}; another range: {@code -Dsluice.sim.first=...}. */
    private static final int SEEDS = Integer.getInteger("sluice.sim.seeds", 3_000);

    private static final long FIRST = Long.getLong("sluice.sim.first", 1);
    /** Within how many seeds a missing protection must show. */
    private static final int SEEDS_WITHOUT = 2_000;

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.sluice.cluster");

    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    @Test
    void everyInvariantHoldsWhateverHappens() {
        long answered = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            answered += run(seed, null).answered();
        }
        assertThat(answered).as("reads that were answered").isGreaterThan(100L * SEEDS);
    }

    @Test
    void sameSeedIsTheSameRun() {
        assertThat(run(7, null)).isEqualTo(run(7, null)).isNotEqualTo(run(8, null));
    }

    @ParameterizedTest
    @EnumSource
    void withoutAProtectionItsInvariantBreaks(Protection without) {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= SEEDS_WITHOUT; seed++) {
                        run(seed, without);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(without.keeps.getSimpleName() + " is broken");
    }

    private static SimCluster.Outcome run(long seed, @Nullable Protection without) {
        try {
            return new SimCluster(seed, without).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage()
                            + "\nRun it again: -Dtest=RingSimulationTest -Dsluice.sim.seeds=1" + " -Dsluice.sim.first="
                            + seed,
                    e);
        }
    }
}
