package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.source.ChangeFormat;
import io.sluice.sync.source.ChangeSource;
import io.sluice.sync.source.ColumnTypes;
import io.sluice.sync.source.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same statements in every change format. Each recorded file has its removals beside it, read by a person line by
 * line (with {@code SLUICE_CAPTURE} in the environment they are written anew, to be read again); and whatever the flat
 * JSON of Canal removes for a statement, every other format removes as well: the same key, or its whole group.
 */
class ChangeFormatsTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final int MAX_BYTES = 1 << 20;

    /** A recorded file: one record a line. */
    enum Recorded {
        CANAL_PROTOBUF("canal-protobuf/records.txt", ChangeFormat.CANAL_PROTOBUF, false),
        TRANSACTIONS("canal-protobuf/transactions.txt", ChangeFormat.CANAL_PROTOBUF, false),
        DEBEZIUM_WITH_SCHEMA("debezium/schema.jsonl", ChangeFormat.DEBEZIUM_JSON, false),
        DEBEZIUM_ADAPTIVE("debezium/adaptive.jsonl", ChangeFormat.DEBEZIUM_JSON, false),
        DEBEZIUM_OTHER_MODES("debezium/propagated.jsonl", ChangeFormat.DEBEZIUM_JSON, false),
        DEBEZIUM_PLAIN("debezium/plain.jsonl", ChangeFormat.DEBEZIUM_JSON, false),
        DEBEZIUM_TRANSACTIONS("debezium/transactions.jsonl", ChangeFormat.DEBEZIUM_JSON, false),
        DEBEZIUM_SNAPSHOT("debezium/snapshot.jsonl", ChangeFormat.DEBEZIUM_JSON, false),
        DEBEZIUM_DECLARED("debezium/plain.jsonl", ChangeFormat.DEBEZIUM_JSON, true),
        MAXWELL("maxwell/records.jsonl", ChangeFormat.MAXWELL_JSON, false),
        MAXWELL_DECLARED("maxwell/records.jsonl", ChangeFormat.MAXWELL_JSON, true);

        private final Path file;
        private final ChangeFormat format;
        private final boolean declared;

        Recorded(String file, ChangeFormat format, boolean declared) {
            this.file = RESOURCES.resolve(file);
            this.format = format;
            this.declared = declared;
        }

        Path removals() {
            String name = file.getFileName().toString().replaceAll("\\.\\w+$", "");
            return file.resolveSibling(name + (declared ? "-declared" : "") + ".removals.txt");
        }

        byte[] bytes(String line) {
            return format == ChangeFormat.CANAL_PROTOBUF ? Base64.getDecoder().decode(line) : line.getBytes(UTF_8);
        }
    }

    private final Rules rules = Rules.load(RESOURCES.resolve("canal/rules.yaml"), Map.of());

    @ParameterizedTest
    @EnumSource
    void everyRecordRemovesWhatAPersonSaidItShould(Recorded recorded) throws IOException, MalformedRecordException {
        List<String> seen = new ArrayList<>();
        for (Map.Entry<String, List<String>> statement : removals(recorded).entrySet()) {
            seen.add("# " + statement.getKey());
            seen.addAll(statement.getValue());
        }
        if (System.getenv("SLUICE_CAPTURE") != null) {
            Files.write(recorded.removals(), seen, UTF_8);
        }
        assertThat(seen).containsExactlyElementsOf(Files.readAllLines(recorded.removals(), UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheFlatJsonRemovesGoesInEveryFormat(Recorded recorded) throws IOException, MalformedRecordException {
        Map<String, List<String>> flat = flatJson();
        for (Map.Entry<String, List<String>> statement : removals(recorded).entrySet()) {
            Set<String> removed = statement.getValue().stream()
                    .map(ChangeFormatsTest::withoutCause)
                    .collect(Collectors.toSet());
            if (isUntold(recorded, statement.getKey())) {
                continue;
            }
            for (String line : flat.getOrDefault(statement.getKey(), List.of())) {
                String removal = withoutCause(line);
                String group = "  " + removal.strip().split(" ", 2)[0] + " ";
                // What Canal cannot read, such as latin1, another may.
                boolean finer = line.endsWith("NO_KEY_TEXT");
                assertThat(removed)
                        .as("%s: %s removes %s", recorded, statement.getKey(), removal)
                        .anyMatch(one -> one.equals(removal) || one.startsWith(finer ? group : group + "group "));
            }
        }
    }

    /** What a format does not write: docs/formats.md. */
    private static boolean isUntold(Recorded recorded, String statement) {
        return switch (recorded) {
            case DEBEZIUM_WITH_SCHEMA, DEBEZIUM_ADAPTIVE, DEBEZIUM_OTHER_MODES ->
                // Their definitions are in another topic, which is in the plain file.
                !statement.matches("(INSERT|UPDATE|DELETE|REPLACE) .*") || isLogged(statement);
            // Whose event names no table, and changes no row.
            case DEBEZIUM_PLAIN, DEBEZIUM_DECLARED -> isLogged(statement) || statement.startsWith("DROP INDEX ");
            case MAXWELL, MAXWELL_DECLARED ->
                isLogged(statement) || statement.matches("TRUNCATE .*|(CREATE|DROP) INDEX .*");
            // The flat messages have an XA transaction of their own, which does other things.
            case TRANSACTIONS -> statement.startsWith("XA ");
            default -> false;
        };
    }

    /** Changes that the script makes with {@code binlog_format=STATEMENT}. */
    private static boolean isLogged(String statement) {
        return Set.of(
                        "UPDATE students SET age = 1",
                        "INSERT INTO students (id, name) VALUES (40, 'Fay')",
                        "DELETE FROM students WHERE id = 40")
                .contains(statement);
    }

    private static String withoutCause(String line) {
        int arrow = line.indexOf(" <- ");
        return arrow < 0 ? line : line.substring(0, arrow);
    }

    private static Map<String, List<String>> flatJson() throws IOException {
        Map<String, List<String>> removals = new LinkedHashMap<>();
        String statement = "";
        for (String line : Files.readAllLines(RESOURCES.resolve("canal/removals.txt"), UTF_8)) {
            if (line.startsWith("# ")) {
                statement = line.substring(2);
            } else if (line.contains(" <- ")) {
                removals.computeIfAbsent(statement, any -> new ArrayList<>()).add(line);
            }
        }
        return removals;
    }

    private Map<String, List<String>> removals(Recorded recorded) throws IOException, MalformedRecordException {
        ChangeSource source =
                recorded.format.source(MAX_BYTES, recorded.declared ? GoldenTypes.DECLARED : ColumnTypes.NONE);
        Map<String, List<String>> removals = new LinkedHashMap<>();
        String statement = "";
        for (String line : Files.readAllLines(recorded.file, UTF_8)) {
            if (line.startsWith("# ")) {
                statement = line.substring(2);
            } else if (!line.startsWith("#!")) {
                removals.computeIfAbsent(statement, any -> new ArrayList<>())
                        .addAll(removals(source, recorded.bytes(line)));
            }
        }
        return removals;
    }

    private List<String> removals(ChangeSource source, byte[] value) throws MalformedRecordException {
        Set<String> lines = new LinkedHashSet<>();
        List<RowChange> changes = source.decode(value).transactions().stream()
                .flatMap(transaction -> transaction.changes().stream())
                .toList();
        for (RowChange change : changes) {
            List<Invalidation> all = rules.invalidations(change);
            all.forEach(one -> lines.add("  " + one.group() + " "
                    + one.scope().name().toLowerCase(Locale.ROOT) + " " + one.key() + " <- " + one.cause()));
            if (all.isEmpty()) {
                lines.add("  nothing of " + change.database() + "." + change.table());
            }
        }
        return lines.isEmpty() ? List.of("  no change") : List.copyOf(lines);
    }
}
