package io.sluice.bench.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays of published traces against known hit counts: OLTP (Megiddo and Modha, FAST 2003, table IV, recomputed by an
 * independent replay) and the traces of LIRS (Jiang and Zhang, SIGMETRICS 2002). Needs the traces, which are not part
 * of the project, and says so where they are not.
 */
final class PublishedHitsTest {
    /** Hits of LRU, FIFO, ARC and OPT for a trace and size. */
    private record Known(String trace, int size, long lru, long fifo, long arc, long opt) {}

    private static final List<Known> KNOWN = List.of(
            new Known("OLTP.gz", 1_000, 300_122, 260_805, 356_015, 490_093),
            new Known("OLTP.gz", 2_000, 388_235, 342_227, 421_200, 552_149),
            new Known("OLTP.gz", 5_000, 490_443, 454_180, 505_080, 624_076),
            new Known("OLTP.gz", 10_000, 554_906, 523_703, 565_609, 667_490),
            new Known("OLTP.gz", 15_000, 590_851, 561_498, 597_857, 686_870),
            new Known("cs.trace.gz", 100, 124, 124, 124, 524),
            new Known("cs.trace.gz", 250, 124, 124, 124, 1_124),
            new Known("cs.trace.gz", 500, 124, 124, 124, 2_124),
            new Known("cs.trace.gz", 750, 124, 124, 124, 3_124),
            new Known("cs.trace.gz", 1_000, 124, 124, 124, 4_124),
            new Known("cs.trace.gz", 1_250, 124, 124, 124, 5_124),
            new Known("gli.trace.gz", 250, 55, 55, 83, 1_061),
            new Known("gli.trace.gz", 500, 57, 57, 83, 2_061),
            new Known("gli.trace.gz", 750, 69, 65, 85, 2_773),
            new Known("gli.trace.gz", 1_000, 674, 670, 1_282, 3_196),
            new Known("gli.trace.gz", 1_250, 1_278, 670, 2_071, 3_446),
            new Known("gli.trace.gz", 1_500, 2_199, 1_661, 3_034, 3_486),
            new Known("gli.trace.gz", 1_750, 2_709, 2_531, 3_312, 3_486),
            new Known("gli.trace.gz", 2_000, 3_453, 2_881, 3_453, 3_486),
            new Known("loop.trace.gz", 100, 0, 0, 0, 49_500),
            new Known("loop.trace.gz", 256, 0, 0, 0, 127_500),
            new Known("loop.trace.gz", 500, 0, 0, 0, 249_500),
            new Known("loop.trace.gz", 750, 0, 0, 0, 374_250),
            new Known("loop.trace.gz", 1_000, 0, 0, 0, 499_000),
            new Known("loop.trace.gz", 1_011, 504_489, 504_489, 504_489, 504_489),
            new Known("multi1.trace.gz", 200, 6_458, 4_783, 7_524, 8_122),
            new Known("multi1.trace.gz", 400, 7_258, 6_142, 7_805, 8_922),
            new Known("multi1.trace.gz", 600, 7_460, 6_670, 7_848, 9_722),
            new Known("multi1.trace.gz", 800, 7_575, 6_914, 7_871, 10_522),
            new Known("multi1.trace.gz", 1_000, 7_648, 7_103, 7_889, 11_322),
            new Known("multi1.trace.gz", 1_400, 7_697, 7_316, 8_211, 12_922),
            new Known("multi1.trace.gz", 1_800, 13_063, 11_640, 13_180, 13_252),
            new Known("multi3.trace.gz", 500, 9_875, 7_534, 10_993, 14_783),
            new Known("multi3.trace.gz", 1_000, 11_401, 9_971, 13_429, 17_020),
            new Known("multi3.trace.gz", 1_500, 13_343, 11_393, 14_065, 19_020),
            new Known("multi3.trace.gz", 2_000, 13_485, 11_992, 14_130, 20_800),
            new Known("multi3.trace.gz", 2_500, 13_765, 12_441, 15_184, 21_758),
            new Known("multi3.trace.gz", 3_000, 15_762, 14_560, 18_656, 22_258),
            new Known("ps.trace.gz", 250, 1_364, 1_274, 1_755, 5_570),
            new Known("ps.trace.gz", 500, 5_072, 3_806, 5_495, 6_070),
            new Known("ps.trace.gz", 1_000, 5_072, 4_439, 5_495, 7_070),
            new Known("ps.trace.gz", 1_500, 5_494, 5_072, 5_495, 7_365),
            new Known("ps.trace.gz", 2_000, 7_364, 6_218, 6_421, 7_365),
            new Known("ps.trace.gz", 2_500, 7_364, 6_218, 7_365, 7_365),
            new Known("sprite.trace.gz", 100, 28_917, 29_885, 34_385, 68_067),
            new Known("sprite.trace.gz", 200, 53_435, 53_871, 57_318, 92_270),
            new Known("sprite.trace.gz", 400, 94_834, 88_624, 93_823, 113_302),
            new Known("sprite.trace.gz", 600, 111_477, 105_186, 109_989, 120_527),
            new Known("sprite.trace.gz", 800, 118_650, 113_214, 117_493, 123_527),
            new Known("sprite.trace.gz", 1_000, 121_452, 116_903, 120_201, 124_936));

    @BeforeEach
    void needsTraces() {
        assumeThat(Traces.arePublishedTracesHere())
                .as("the published traces are in %s: without them nothing is compared here", Traces.PUBLISHED)
                .isTrue();
    }

    @TestFactory
    Stream<DynamicTest> hitsAreThoseKnown() {
        return KNOWN.stream()
                .map(Known::trace)
                .distinct()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Trace trace = TraceFile.read(Traces.PUBLISHED.resolve(name));
                    KNOWN.stream().filter(known -> known.trace.equals(name)).forEach(known -> compare(trace, known));
                }));
    }

    private static void compare(Trace trace, Known known) {
        String at = known.trace + " at " + known.size;
        assertThat(hits(PolicyKind.LRU, trace, known)).as("LRU, " + at).isEqualTo(known.lru);
        assertThat(hits(PolicyKind.FIFO, trace, known)).as("FIFO, " + at).isEqualTo(known.fifo);
        assertThat(new OptReplay().hits(trace, known.size)).as("OPT, " + at).isEqualTo(known.opt);
        assertThat(100.0 * Math.abs(hits(PolicyKind.ARC, trace, known) - known.arc) / trace.length())
                .as("points that ARC is off, " + at)
                .isLessThanOrEqualTo(0.2);
    }

    private static long hits(PolicyKind kind, Trace trace, Known known) {
        return new PolicyReplay(kind, 1).hits(trace, known.size);
    }

    /** The reason for the default: docs/decisions.md. */
    @Test
    void theDefaultBeatsLruAndArcAndIsWithinAPointOfCaffeine() {
        List<TraceResult> results = new ArrayList<>();
        PolicyKind chosen = PolicyKind.DEFAULT;
        List<Replay> replays = Stream.of(chosen.toString(), "lru", "arc", "caffeine", "opt")
                .map(name -> TraceBench.replay(name, 1))
                .toList();
        assertThatCode(() -> new TraceBench(Traces.PUBLISHED, replays).run(results::add))
                .doesNotThrowAnyException();
        double average = average(results, chosen.toString());
        assertThat(average)
                .isGreaterThan(average(results, "lru"))
                .isGreaterThan(average(results, "arc"))
                .isGreaterThan(average(results, "caffeine") - 1)
                .isLessThan(average(results, "opt"));
    }

    private static double average(List<TraceResult> results, String policy) {
        return results.stream()
                .filter(result -> result.policy().equals(policy))
                .mapToDouble(TraceResult::hitPercent)
                .average()
                .orElseThrow();
    }
}
