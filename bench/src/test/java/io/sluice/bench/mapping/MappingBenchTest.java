package io.sluice.bench.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.flow.MappedRecord;
import io.sluice.sync.source.DecodedRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class MappingBenchTest {
    /** JMH lets one run at a time have the machine. This one measures nothing. */
    @BeforeAll
    static void shareTheMachine() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    /** So short that the numbers mean nothing; that the JVMs of JMH start and report is the point. */
    @Test
    void measuresEveryReadingInAJvmOfItsOwn() {
        Duration brief = Duration.ofMillis(20);
        List<MappingResult> results = new ArrayList<>();
        new MappingBench(new MappingPlan(List.of(2), 1, brief, brief, List.of()), text -> {}).run(results::addAll);
        assertThat(results)
                .extracting(MappingResult::reading)
                .containsExactlyElementsOf(MessageReading.ALL.stream()
                        .map(MessageReading::toString)
                        .toList());
        assertThat(results).allSatisfy(result -> {
            assertThat(result.messagesPerSecond()).isPositive();
            assertThat(result.rowsPerSecond()).isEqualTo(2 * result.messagesPerSecond());
            assertThat(result.bytesPerRow()).isPositive();
        });
    }

    @Test
    void theMessagesHaveTheirRowsAndEachAsksForKeys() {
        Rules rules = MessageReading.rules();
        MessageReading.Reader decode = MessageReading.SLUICE_DECODE.reader(rules);
        MessageReading.Reader map = MessageReading.SLUICE.reader(rules);
        for (byte[] message : CanalMessages.of(20)) {
            assertThat(((DecodedRecord) decode.read(message)).changes())
                    .hasSize(20)
                    .hasOnlyElementsOfType(RowChange.Row.class);
            MappedRecord mapped = (MappedRecord) map.read(message);
            assertThat(mapped.problem()).isNull();
            assertThat(mapped.removals()).hasSizeGreaterThan(20);
        }
    }

    @Test
    void databindReadsTheSameChanges() {
        Rules rules = MessageReading.rules();
        MessageReading.Reader decode = MessageReading.SLUICE_DECODE.reader(rules);
        MessageReading.Reader pojo = MessageReading.POJO_DECODE.reader(rules);
        for (byte[] message : CanalMessages.of(3)) {
            assertThat(((FlatMessage) pojo.read(message)).changes())
                    .isEqualTo(((DecodedRecord) decode.read(message)).changes());
        }
    }

    @Test
    void aPlanWithNothingToMeasureIsAnError() {
        assertThatThrownBy(() -> new MappingPlan(List.of(), 1, Duration.ZERO, Duration.ZERO, List.of()))
                .hasMessageContaining("nothing to measure");
    }

    @Test
    void theTableHasMessagesRowsAndAllocation() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new MappingTable(new PrintStream(bytes, true, UTF_8))
                .print(List.of(
                        new MappingResult("sluice: to keys", 20, 2_292, 50_000, 1_000_000, 900_000, 1_100_000, 640)));
        assertThat(bytes.toString(UTF_8).lines())
                .anySatisfy(line -> assertThat(line)
                        .matches(" +20 +2292 sluice: to keys +50,000 +1,000,000 +900,000 - 1,100,000 +640"));
    }
}
