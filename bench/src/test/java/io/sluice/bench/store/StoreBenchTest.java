package io.sluice.bench.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoreBenchTest {
    /** So short that the numbers mean nothing; that the JVMs of JMH start and report is the point. */
    @Test
    void measuresEveryContestantInAJvmOfItsOwn() {
        Duration brief = Duration.ofMillis(20);
        StorePlan plan = new StorePlan(List.of(StoreBenchmark.PUT_EVICT), List.of(2), 1, brief, brief, List.of());
        List<StoreResult> results = new ArrayList<>();
        new StoreBench(plan, text -> {}).run(results::addAll);
        assertThat(results)
                .extracting(StoreResult::contestant)
                .containsExactly("sluice", "caffeine", "caffeine-ttl-stats", "synchronized-lru");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.opsPerSecond()).isPositive();
            assertThat(result.bytesPerOperation()).isPositive();
            assertThat(result.sluiceRatio()).isEqualTo(results.getFirst().opsPerSecond() / result.opsPerSecond());
        });
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Medians.of(new double[] {9, 1, 2})).isEqualTo(2);
        assertThat(Medians.of(new double[] {9, 1, 2, 4})).isEqualTo(3);
        assertThatThrownBy(() -> Medians.of(new double[0])).hasMessageContaining("median of nothing");
    }

    @Test
    void aPlanWithNothingToMeasureIsAnError() {
        assertThatThrownBy(() -> StorePlan.quick().only(List.of())).hasMessageContaining("nothing to measure");
    }

    @Test
    void theTableHasMedianRangeAllocationAndRatio() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StoreTables tables = new StoreTables(new PrintStream(bytes, true, UTF_8));
        StoreResult result = new StoreResult("put-evict", 2, "caffeine", 3, 2_000_000, 1_900_000, 2_100_000, 80, 1.5);
        tables.speeds(List.of(result));
        assertThat(bytes.toString(UTF_8).lines())
                .anySatisfy(line -> assertThat(line).matches("put-evict +2 caffeine +2.00 +1.90 - 2.10 +80.0 +1.50"));
    }

    @Test
    void jsonIsOneObjectALineWithTheDocumentedNames() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StoreJson json = new StoreJson(new PrintStream(bytes, true, UTF_8));
        json.print(new StoreResult("put-evict", 2, "caffeine", 3, 2.0, 1.0, 3.0, 80.0, 1.5));
        json.print(new HeapResult("sluice-lru", true, 1_000, 116, 50.5, null));
        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "{\"benchmark\":\"put-evict\",\"threads\":2,\"contestant\":\"caffeine\",\"rounds\":3,"
                                + "\"opsPerSecond\":2.0,\"lowest\":1.0,\"highest\":3.0,\"bytesPerOperation\":80.0,"
                                + "\"sluiceRatio\":1.5}",
                        "{\"contestant\":\"sluice-lru\",\"compactHeaders\":true,\"entries\":1000,\"payloadBytes\":116,"
                                + "\"overheadBytes\":50.5,\"graphBytes\":null}");
    }
}
