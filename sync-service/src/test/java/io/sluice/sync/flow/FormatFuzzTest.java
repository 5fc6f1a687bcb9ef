package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.source.ChangeFormat;
import io.sluice.sync.source.ChangeSource;
import io.sluice.sync.source.ColumnTypes;
import io.sluice.sync.source.DecodedRecord;
import io.sluice.sync.source.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Broken records of every format: no exception but the one for malformed records escapes a decoder, and no record of
 * rows asks for nothing without a reason.
 */
class FormatFuzzTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final int MAX_BYTES = 1 << 16;
    private static final int RUNS = 4_000;

    private final Rules rules = Rules.load(RESOURCES.resolve("canal/rules.yaml"), Map.of());

    private static List<byte[]> records(ChangeFormat format, String file) throws IOException {
        return Files.readAllLines(RESOURCES.resolve(file), UTF_8).stream()
                .filter(line -> !line.startsWith("#") && !line.isEmpty())
                .map(line -> format == ChangeFormat.CANAL_PROTOBUF
                        ? Base64.getDecoder().decode(line)
                        : line.getBytes(UTF_8))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "CANAL_PROTOBUF, canal-protobuf/records.txt",
        "CANAL_PROTOBUF, canal-protobuf/transactions.txt",
        "DEBEZIUM_JSON, debezium/plain.jsonl",
        "DEBEZIUM_JSON, debezium/adaptive.jsonl",
        "MAXWELL_JSON, maxwell/records.jsonl"
    })
    void brokenRecordsRemoveSomethingOrAreAProblemOrSpeakOfSomethingElse(ChangeFormat format, String file)
            throws IOException {
        ChangeSource source = format.source(MAX_BYTES, ColumnTypes.NONE);
        RecordMapper mapper = new RecordMapper(source, rules, HeartbeatTable.DEFAULT);
        List<byte[]> records = records(format, file);
        Map<String, Integer> outcomes = new HashMap<>();
        for (int seed = 0; seed < RUNS; seed++) {
            byte[] bytes = Mutation.of(records.get(seed % records.size()), new Random(seed));
            boolean speaks = reachesTheRules(source, bytes);
            MappedRecord mapped = mapper.map(bytes);
            outcomes.merge(mapped.outcome(), 1, Integer::sum);
            if (speaks && mapped.problem() == null) {
                assertThat(mapped.removals())
                        .as("seed %s: %s", seed, new String(bytes, UTF_8))
                        .isNotEmpty();
            }
        }
        assertThat(outcomes).containsKeys("unparsable", "unmappable").doesNotContainKey("internal");
    }

    /** Whether it tells of a change that some rule knows; a row without an id has no key. */
    private boolean reachesTheRules(ChangeSource source, byte[] bytes) {
        try {
            return source.decode(bytes).transactions().stream()
                    .map(DecodedRecord::changes)
                    .flatMap(List::stream)
                    .anyMatch(change -> reaches(change) && !lacksId(change));
        } catch (MalformedRecordException e) {
            return false;
        }
    }

    /** Tables of other rules do not ask for something with every change. */
    private static boolean reaches(RowChange change) {
        return !(change instanceof RowChange.Definition)
                && change.database().equals("golden")
                && change.table().equals("students");
    }

    private static boolean lacksId(RowChange change) {
        return change instanceof RowChange.Row row
                && (row.data().get("id") == null || "".equals(row.data().get("id")));
    }
}
