package io.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
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
    private static final int SEEDS_WITHOUT = Integer.getInteger("sluice.sim.seeds-without", 1_000);

    /** In schedules made for a protection that chance does not show. */
    private static final int SEEDS_OF_SCHEDULE = 300;

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
            Simulation.Outcome outcome = run(seed, null);
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
                .mapToObj(seed -> run(seed, null))
                .toList();
        List<Simulation.Outcome> alone =
                LongStream.range(7, 15).mapToObj(seed -> run(seed, null)).toList();
        assertThat(beside).isEqualTo(alone).doesNotHaveDuplicates();
    }

    /** Those left out do not show within so many seeds; what is about rings shows in RingSimulationTest. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "ANNOUNCED_BEFORE_ACTIVE",
                "APPLIED_OF_OTHER_INCARNATION",
                "CLOSING_CONFIRMED",
                "COPIES_NOT_LIFTED",
                "DROP_ON_CLOSING"
            })
    void withoutAProtectionItsInvariantBreaks(Protection without) {
        long[] seed = {0};
        assertThatThrownBy(() -> {
                    for (seed[0] = 1; seed[0] <= SEEDS_WITHOUT; seed[0]++) {
                        run(seed[0], without);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(without.keeps.getSimpleName() + " is broken");
        System.out.printf("without %s: %s is broken by seed %d%n", without, without.keeps.getSimpleName(), seed[0]);
    }

    @ParameterizedTest
    @EnumSource(names = {"APPLIED_OF_OLDER_REVISION", "APPLIED_OF_OTHER_INCARNATION"})
    void withEveryProtectionTheirSchedulesBreakNothing(Protection shown) {
        LongStream.rangeClosed(1, SEEDS_OF_SCHEDULE).parallel().forEach(seed -> run(seed, Set.of(), shown));
    }

    /**
     * What is told to another incarnation is told by an older revision, as long as it could do harm: so that lock has
     * to be out as well. Alone it shows in these schedules neither; it does in others.
     */
    @Test
    void withoutTheFirstLockTheSecondIsNeeded() {
        Protection second = Protection.APPLIED_OF_OTHER_INCARNATION;
        Set<Protection> first = Set.of(Protection.APPLIED_OF_OLDER_REVISION);
        LongStream.rangeClosed(1, SEEDS_OF_SCHEDULE).parallel().forEach(seed -> run(seed, first, second));
        Set<Protection> both = EnumSet.of(Protection.APPLIED_OF_OLDER_REVISION, second);
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= SEEDS_OF_SCHEDULE; seed++) {
                        run(seed, both, second);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(second.keeps.getSimpleName() + " is broken");
    }

    private static Simulation.Outcome run(long seed, @Nullable Protection without) {
        return end(seed, () -> new Simulation(seed, without));
    }

    /** As one protection shows best. */
    private static Simulation.Outcome run(long seed, Set<Protection> without, Protection shown) {
        return end(
                seed,
                () -> new Simulation(seed, without, Bias.of(shown), without.isEmpty() ? Invariant.class : shown.keeps));
    }

    private static Simulation.Outcome end(long seed, Supplier<Simulation> simulation) {
        try {
            return simulation.get().run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage()
                            + "\nRun it again: -Dtest=CoherenceSimulationTest -Dsluice.sim.seeds=1 -Dsluice.sim.first="
                            + seed,
                    e);
        }
    }
}
