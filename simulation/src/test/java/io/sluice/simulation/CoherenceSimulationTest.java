package io.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Set;
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

    /** Of a schedule that is made for one protection. */
    private static final int SEEDS_OF_SCHEDULE = 400;

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

    /** The one left out does not show alone. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "APPLIED_OF_OTHER_INCARNATION")
    void withoutAProtectionItsInvariantBreaks(Protection without) {
        breaks(without.keeps, Setting.without(without));
    }

    /** What shows that a protection is missing is legal, and breaks nothing as long as it is there. */
    @ParameterizedTest
    @EnumSource(names = {"APPLIED_OF_OLDER_REVISION", "APPLIED_OF_OTHER_INCARNATION"})
    void withEveryProtectionTheirSchedulesBreakNothing(Protection shown) {
        allRun(Setting.toShow(shown, Set.of()));
    }

    /**
     * Positions for another incarnation that could do harm are of an older revision as well. Where both locks are out
     * they do, in schedules in which that other lock alone is not needed.
     */
    @Test
    void behindAnotherLockAProtectionShowsWithoutBoth() {
        Protection first = Protection.APPLIED_OF_OLDER_REVISION;
        Protection second = Protection.APPLIED_OF_OTHER_INCARNATION;
        allRun(Setting.toShow(second, Set.of(first)));
        allRun(Setting.toShow(second, Set.of(second)));
        breaks(second.keeps, Setting.toShow(second, Set.of(first, second)));
    }

    private static void breaks(Class<? extends Invariant> invariant, Setting setting) {
        long[] seed = {0};
        assertThatThrownBy(() -> {
                    for (seed[0] = 1; seed[0] <= SEEDS_WITHOUT; seed[0]++) {
                        run(seed[0], setting);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(invariant.getSimpleName() + " is broken");
        System.out.printf(
                "without %s: %s is broken by seed %d%n", setting.without(), invariant.getSimpleName(), seed[0]);
    }

    private static void allRun(Setting setting) {
        LongStream.rangeClosed(1, SEEDS_OF_SCHEDULE).parallel().forEach(seed -> run(seed, setting));
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
