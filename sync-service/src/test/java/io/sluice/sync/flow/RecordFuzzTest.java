package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.source.CanalFlatJson;
import io.sluice.sync.source.MalformedRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken messages of the real Canal: none gets an exception past the mapper, and none is empty without a reason. */
class RecordFuzzTest {
    private static final Path CANAL = Path.of("src", "test", "resources", "canal");
    private static final CanalFlatJson FORMAT = new CanalFlatJson(1 << 16);
    private static final int RUNS = 30_000;

    private final Rules rules = Rules.load(CANAL.resolve("rules.yaml"), Map.of());
    private final RecordMapper mapper = new RecordMapper(FORMAT, rules, HeartbeatTable.DEFAULT);

    private static List<byte[]> messages() throws IOException {
        return Files.readAllLines(CANAL.resolve("messages.jsonl"), UTF_8).stream()
                .filter(line -> line.contains("\"table\":\"students\"") && line.contains("\"isDdl\":false"))
                .map(line -> line.getBytes(UTF_8))
                .toList();
    }

    private static byte[] mutated(byte[] message, Random random) {
        byte[] bytes = message.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
            ByteArrayOutputStream changed = new ByteArrayOutputStream();
            changed.write(bytes, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> changed.write(bytes, at + length, bytes.length - at - length);
                case 1 -> {
                    changed.write(bytes, at, length);
                    changed.write(bytes, at, bytes.length - at);
                }
                case 2 -> {
                    changed.writeBytes(List.of("null", "{}", "[", "\"\"", "7", "true")
                            .get(random.nextInt(6))
                            .getBytes(UTF_8));
                    changed.write(bytes, at, bytes.length - at);
                }
                case 3 -> {
                    changed.write(random.nextInt(256));
                    changed.write(bytes, at + 1, bytes.length - at - 1);
                }
                default -> {}
            }
            if (changed.size() > 0) {
                bytes = changed.toByteArray();
            }
        }
        return bytes;
    }

    @Test
    void brokenMessagesRemoveSomethingOrAreAProblemOrSpeakOfSomethingElse() throws IOException {
        List<byte[]> messages = messages();
        Map<String, Integer> outcomes = new HashMap<>();
        for (int seed = 0; seed < RUNS; seed++) {
            byte[] bytes = mutated(messages.get(seed % messages.size()), new Random(seed));
            MappedRecord mapped = mapper.map(bytes);
            outcomes.merge(mapped.outcome(), 1, Integer::sum);
            if (mapped.removals().isEmpty() && mapped.problem() == null) {
                assertThat(speaksOfSomethingElse(bytes))
                        .as("seed %s: %s", seed, new String(bytes, UTF_8))
                        .isTrue();
            }
        }
        assertThat(outcomes).containsKeys("unparsable", "mapped", "unmappable", "unexpected_shape", "ignored");
    }

    /** No row, a table without rules, or a row without an id. */
    private boolean speaksOfSomethingElse(byte[] bytes) {
        try {
            return FORMAT.decode(bytes).changes().stream().allMatch(change -> !reaches(change) || lacksId(change));
        } catch (MalformedRecordException e) {
            return false;
        }
    }

    private boolean reaches(RowChange change) {
        return !rules.invalidations(new RowChange.Unmappable(change.database(), change.table(), "?"))
                .isEmpty();
    }

    private static boolean lacksId(RowChange change) {
        return change instanceof RowChange.Row row
                && (row.data().get("id") == null || "".equals(row.data().get("id")));
    }
}
