package io.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Everything under faults, in one thread; and each protection taken out in turn, which must show. */
class CoherenceSimulationTest {
    /** More of them: {@code -Dsluice.sim.seeds=100000}; another range: {@code -Dsluice.sim.first=...}. */
    private static final int SEEDS = Integer.getInteger("sluice.sim.seeds", 10_000);

    private static final long FIRST = Long.getLong("sluice.sim.first", 1);
    /** Within how many seeds a missing protection must show. */
    private static final int SEEDS_WITHOUT = Integer.getInteger("sluice.sim.seeds-without", 2_000);

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.sluice");

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
        LongAdder answered = new LongAdder();
        LongAdder fromMemory = new LongAdder();
        long startNanos = System.nanoTime();
        // Each run is in one thread and knows of no other.
        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(seed -> {
            Simulation.Outcome outcome = run(seed, Setting.WHOLE);
            answered.add(outcome.answered());
            fromMemory.add(outcome.fromMemory());
        });
        System.out.printf(
                "%d seeds in %d ms, %s answers, %s from memory%n",
                SEEDS, (System.nanoTime() - startNanos) / 1_000_000, answered, fromMemory);
        assertThat(fromMemory.sum()).as("answers from memory").isGreaterThan(50L * SEEDS);
    }

    @Test
    void sameSeedIsTheSameRunWhateverRunsBesideIt() {
        List<Simulation.Outcome> beside = LongStream.range(7, 15)
                .parallel()
                .mapToObj(seed -> run(seed, Setting.WHOLE))
                .toList();
        List<Simulation.Outcome> alone = LongStream.range(7, 15)
                .mapToObj(seed -> run(seed, Setting.WHOLE))
                .toList();
        assertThat(beside).isEqualTo(alone).doesNotHaveDuplicates();
    }

    /** Those left out do not show within so many seeds. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"APPLIED_OF_OLDER_REVISION", "APPLIED_OF_OTHER_INCARNATION", "COMMIT_PERMIT"})
    void withoutAProtectionItsInvariantBreaks(Protection without) {
        long[] seed = {0};
        assertThatThrownBy(() -> {
                    for (seed[0] = 1; seed[0] <= SEEDS_WITHOUT; seed[0]++) {
                        run(seed[0], Setting.without(without));
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(without.keeps.getSimpleName() + " is broken");
        System.out.printf("without %s: %s is broken by seed %d%n", without, without.keeps.getSimpleName(), seed[0]);
    }

    private static Simulation.Outcome run(long seed, Setting setting) {
        try {
            return new Simulation(seed, setting).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage()
                            + "\nRun it again: -Dtest=CoherenceSimulationTest -Dsluice.sim.seeds=1 -Dsluice.sim.first="
                            + seed,
                    e);
        }
    }
}
