package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.RowChange;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Values that become text late are what a reader sees that reads all of them at once. */
class FlatRowTest {
    private static final Path MESSAGES = Path.of("src", "test", "resources", "canal", "messages.jsonl");
    private static final int RUNS = 20_000;

    private final CanalFlatJson format = new CanalFlatJson(1 << 20);

    private RowChange.Row row(String data, Charset charset) throws MalformedRecordException {
        String message = "{\"data\":[" + data + "],\"database\":\"d\",\"table\":\"t\",\"type\":\"INSERT\"}";
        return (RowChange.Row)
                format.decode(message.getBytes(charset)).changes().getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"plain\",\"b\":\"\"}",
                "{\"a\":\"\\\"quoted\\\" \\\\ \\n \\u5b66\",\"b\":\"Zoë 学校 😀\"}",
                "{\"a\":7,\"b\":true,\"c\":null,\"d\":-1.50}",
                "{\"a\" : \"spaced\" , \"b\"\n:\t\"x\"}",
                "{\"学\\u0041\":\"name\"}",
            })
    void everyValueIsWhatTheMessageSays(String data) throws MalformedRecordException {
        assertThat(row(data, UTF_8).data()).isEqualTo(reference(data.getBytes(UTF_8)));
    }

    @Test
    void aMarkBeforeTheMessageOrAnotherEncodingChangesNothing() throws MalformedRecordException {
        String data = "{\"a\":\"Zoë\",\"b\":\"x\"}";
        assertThat(row(data, UTF_16LE).data()).isEqualTo(Map.of("a", "Zoë", "b", "x"));
        byte[] marked = ("\uFEFF{\"data\":[" + data + "],\"database\":\"d\",\"table\":\"t\",\"type\":\"INSERT\"}")
                .getBytes(UTF_8);
        RowChange.Row row = (RowChange.Row) format.decode(marked).changes().getFirst();
        assertThat(row.data()).isEqualTo(Map.of("a", "Zoë", "b", "x"));
    }

    @Test
    void ofAColumnNamedTwiceTheLastCounts() throws MalformedRecordException {
        Map<String, @Nullable String> row =
                row("{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"}", UTF_8).data();
        assertThat(row.get("a")).isEqualTo("3");
        assertThat(row).hasSize(2).containsEntry("a", "3").containsEntry("b", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 24, 25, 300})
    void wideRowsFindTheirColumnsToo(int columns) throws MalformedRecordException {
        StringBuilder data = new StringBuilder("{");
        for (int i = 0; i < columns; i++) {
            data.append(i == 0 ? "" : ",").append("\"c" + i + "\":\"v" + i + "\"");
        }
        Map<String, @Nullable String> row =
                row(data.append("}").toString(), UTF_8).data();
        for (int i = 0; i < columns; i++) {
            assertThat(row.get("c" + i)).isEqualTo("v" + i);
        }
        assertThat(row.containsKey("c" + columns)).isFalse();
        assertThat(row.get("C0")).isNull();
    }

    @Test
    void typesOfOneTableAreNotThoseOfAnother() throws MalformedRecordException {
        for (int i = 0; i < 5_000; i++) {
            String type = "varchar(" + i % 1_700 + ")";
            String message = "{\"data\":[{\"a\":\"1\"}],\"mysqlType\":{\"a\":\"" + type
                    + "\"},\"database\":\"d\",\"table\":\"t\",\"type\":\"INSERT\"}";
            RowChange.Row row = (RowChange.Row)
                    format.decode(message.getBytes(UTF_8)).changes().getFirst();
            assertThat(row.types()).isEqualTo(Map.of("a", type));
        }
    }

    /** Broken messages of the real Canal: where one is still sound, its values are what another reader sees. */
    @Test
    void brokenMessagesThatPassSayWhatAnotherReaderReads() throws IOException {
        List<byte[]> messages = Files.readAllLines(MESSAGES, UTF_8).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.getBytes(UTF_8))
                .toList();
        int passed = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = messages.get(seed % messages.size()).clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) "\\\"{}[],:u0 \u00e9a".charAt(random.nextInt(13));
            }
            List<RowChange> changes;
            try {
                changes = format.decode(bytes).changes();
            } catch (MalformedRecordException e) {
                continue;
            }
            for (int i = 0; i < changes.size(); i++) {
                if (changes.get(i) instanceof RowChange.Row row) {
                    passed++;
                    assertThat(row.data())
                            .as("seed %s", seed)
                            .isEqualTo(rows(bytes, "data").get(i));
                    assertThat(row.types()).as("seed %s", seed).isEqualTo(types(bytes));
                }
            }
        }
        assertThat(passed).isGreaterThan(RUNS / 10);
    }

    private static Map<String, @Nullable String> reference(byte[] object) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), object)) {
            parser.nextToken();
            return columns(parser);
        }
    }

    private static Map<String, @Nullable String> columns(JsonParser parser) {
        Map<String, @Nullable String> columns = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            columns.put(name, parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getString());
        }
        return columns;
    }

    /** The rows of the last field of that name. */
    private static List<Map<String, @Nullable String>> rows(byte[] message, String field) {
        List<Map<String, @Nullable String>> rows = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), message)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(field);
                JsonToken value = parser.nextToken();
                if (!wanted || value == JsonToken.VALUE_NULL) {
                    parser.skipChildren();
                    continue;
                }
                rows.clear();
                if (value == JsonToken.START_OBJECT) {
                    rows.add(columns(parser));
                    continue;
                }
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    rows.add(columns(parser));
                }
            }
        }
        return rows;
    }

    private static Map<String, @Nullable String> types(byte[] message) {
        List<Map<String, @Nullable String>> types = rows(message, "mysqlType");
        Map<String, @Nullable String> known = types.isEmpty() ? new HashMap<>() : types.getFirst();
        known.values().removeIf(type -> type == null);
        return known;
    }
}
