package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.mapping.RowChange;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as the real pipeline wrote them, and as it should never. */
final class CanalFlatJsonTest {
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-17";
    private static final Map<String, String> TYPES = Map.of("id", "bigint", "name", "varchar(40)");

    private final CanalFlatJson source = new CanalFlatJson(4096);

    @Test
    void insertHasItsRowInData() throws Exception {
        DecodedRecord record = decode(message("INSERT", "[{\"id\":\"1\",\"name\":\"a\"}]", "null"));
        assertThat(record.position()).isEqualTo(GTID);
        assertThat(record.changes())
                .containsExactly(RowChange.insert("app", "students", TYPES, Map.of("id", "1", "name", "a")));
    }

    @Test
    void updateCarriesOnlyTheChangedColumnsInOld() throws Exception {
        assertThat(decode(message("UPDATE", "[{\"id\":\"10\",\"name\":\"a\"}]", "[{\"id\":\"1\"}]"))
                        .changes())
                .containsExactly(
                        RowChange.update("app", "students", TYPES, Map.of("id", "10", "name", "a"), Map.of("id", "1")));
    }

    @Test
    void deleteHasItsRowInDataNotInOld() throws Exception {
        assertThat(decode(message("DELETE", "[{\"id\":\"1\",\"name\":\"a\"}]", "null"))
                        .changes())
                .containsExactly(RowChange.delete("app", "students", TYPES, Map.of("id", "1", "name", "a")));
    }

    @Test
    void everyRowOfAMultiRowMessageIsAChangeOfItsOwn() throws Exception {
        assertThat(decode(message(
                                "UPDATE",
                                "[{\"id\":\"1\",\"name\":\"b\"},{\"id\":\"2\",\"name\":\"b\"}]",
                                "[{\"name\":\"a\"},{\"name\":\"x\"}]"))
                        .changes())
                .hasSize(2);
    }

    @Test
    void nullsAreValues() throws Exception {
        Map<String, String> row = new HashMap<>();
        row.put("id", "1");
        row.put("name", null);
        RowChange.Row change = (RowChange.Row) decode(message("INSERT", "[{\"id\":\"1\",\"name\":null}]", "null"))
                .changes()
                .getFirst();
        assertThat(change.data()).isEqualTo(row);
    }

    @Test
    void minimalRowImagesAreUnmappable() throws Exception {
        String json =
                "{\"data\":[{\"note\":\"m\"}],\"database\":\"app\",\"es\":1,\"gtid\":\"\",\"id\":3,\"isDdl\":false,"
                        + "\"mysqlType\":{\"note\":\"varchar(10)\"},\"old\":[{}],\"pkNames\":null,\"sql\":\"\","
                        + "\"sqlType\":{\"note\":12},\"table\":\"students\",\"ts\":2,\"type\":\"UPDATE\"}";
        DecodedRecord record = decode(json);
        assertThat(record.position()).isEmpty();
        assertUnmappable(record);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "[{\"name\":\"a\"},{\"name\":\"b\"}]", "[null]"})
    void updatesWhoseOldDoesNotFitAreUnmappable(String old) throws Exception {
        assertUnmappable(decode(message("UPDATE", "[{\"id\":\"1\",\"name\":\"b\"}]", old)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT", "UPDATE", "DELETE"})
    void statementsWithoutRowsAreNotLost(String type) throws Exception {
        assertThat(decode(message(type, "null", "null")).changes())
                .containsExactly(new RowChange.Statement("app", "students", "the sql"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "ALTER", "ERASE", "TRUNCATE", "RENAME", "QUERY", "CINDEX", "DINDEX", "NEW"})
    void definitionsCarryTheirText(String type) throws Exception {
        assertThat(decode(message(type, "null", "null").replace("\"isDdl\":false", "\"isDdl\":true"))
                        .changes())
                .containsExactly(new RowChange.Definition("app", "students", "the sql"));
    }

    @Test
    void queriesWithoutTableAreNoise() throws Exception {
        assertThat(decode(message("QUERY", "null", "null").replace("\"students\"", "\"\""))
                        .changes())
                .isEmpty();
    }

    @Test
    void messagesFromBeforeGtidsHaveNoPosition() throws Exception {
        String json = message("INSERT", "[{\"id\":\"1\"}]", "null").replace("\"gtid\":\"" + GTID + "\",", "");
        assertThat(decode(json).position()).isEmpty();
    }

    @Test
    void unknownFieldsAndAnyOrderAreFine() throws Exception {
        assertThat(decode("{\"type\":\"DELETE\",\"extra\":{\"a\":[1,{}]},\"table\":\"t\",\"database\":\"d\","
                                + "\"data\":[{\"id\":7}]}")
                        .changes())
                .containsExactly(RowChange.delete("d", "t", Map.of(), Map.of("id", "7")));
    }

    @Test
    void theTextOfAStatementWhoseRowsComeAsWellIsNoise() throws Exception {
        String json = "{\"data\":null,\"database\":\"\",\"gtid\":\"" + GTID + "\",\"isDdl\":false,\"old\":null,"
                + "\"sql\":\"UPDATE students SET class_id = 5 WHERE id = 1\",\"table\":\"students\",\"type\":\"QUERY\"}";
        assertThat(decode(json)).isEqualTo(new DecodedRecord(GTID, List.of()));
    }

    @Test
    void aCommittedXaTransactionClearsEverythingWithoutPosition() throws Exception {
        DecodedRecord record = decode(xa("XACOMMIT"));
        assertThat(record.position()).isEmpty();
        assertThat(record.changes())
                .singleElement()
                .isInstanceOf(RowChange.Unmappable.class)
                .extracting(RowChange::database, RowChange::table)
                .containsExactly("", "");
        assertThat(decode(xa("XAROLLBACK"))).isEqualTo(new DecodedRecord(GTID, List.of()));
    }

    private static String xa(String type) {
        return message(type, "null", "null").replace("\"app\"", "\"\"").replace("\"students\"", "\"\"");
    }

    @Test
    void unknownTypesAreMalformedWithTheirTable() {
        MalformedRecordException error = malformed(message("EXPLODE", "null", "null"));
        assertThat(error.kind()).isEqualTo(Kind.UNKNOWN_TYPE);
        assertThat(error.table()).isEqualTo("students");
        assertThat(error.position()).isEqualTo(GTID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{\"database\":\"app\",\"table\":\"students\",\"data\":[{\"id\":\"1",
                "{\"database\":\"app\",\"table\":\"students\",\"data\":[{]}",
                "\u0000\u0001"
            })
    void brokenJsonIsUnparsable(String text) {
        assertThat(malformed(text).kind()).isEqualTo(Kind.UNPARSABLE);
    }

    @Test
    void theTableOfBrokenJsonIsKnownWhenItWasReadBefore() {
        MalformedRecordException error =
                malformed("{\"database\":\"app\",\"table\":\"students\",\"data\":[{\"id\":\"secret\"");
        assertThat(error.database()).isEqualTo("app");
        assertThat(error.table()).isEqualTo("students");
        assertThat(error).hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"table\":\"t\",\"data\":{}}",
                "{\"table\":\"t\",\"data\":[1]}",
                "{\"table\":\"t\",\"data\":[{\"id\":{}}]}",
                "{\"table\":[]}",
                "{\"isDdl\":\"yes\"}",
                "{} {}",
                "{\"type\":\"INSERT\",\"data\":[{\"id\":\"1\"}]}"
            })
    void jsonOfAnotherShapeIsMalformed(String text) {
        assertThat(malformed(text).kind()).isEqualTo(Kind.UNEXPECTED_SHAPE);
    }

    @Test
    void aRecordOverTheLimitGivesItsTable() {
        MalformedRecordException error =
                malformed(message("INSERT", "[{\"id\":\"1\",\"name\":\"" + "x".repeat(5000) + "\"}]", "null"));
        assertThat(error.kind()).isEqualTo(Kind.OVERSIZED);
        assertThat(error.table()).isEqualTo("students");
        assertThat(error.position()).isEqualTo(GTID);
    }

    @Test
    void nestingIsBounded() {
        assertThat(malformed("{\"x\":" + "[".repeat(1000)).kind()).isEqualTo(Kind.UNPARSABLE);
    }

    @Test
    void noBytesAreMalformed() {
        assertThat(malformed("").kind()).isEqualTo(Kind.EMPTY);
    }

    private static void assertUnmappable(DecodedRecord record) {
        assertThat(record.changes()).singleElement().isInstanceOfSatisfying(RowChange.Unmappable.class, change -> {
            assertThat(change.database()).isEqualTo("app");
            assertThat(change.table()).isEqualTo("students");
        });
    }

    private DecodedRecord decode(String json) throws MalformedRecordException {
        return source.decode(json.getBytes(UTF_8));
    }

    private MalformedRecordException malformed(String json) {
        return catchThrowableOfType(MalformedRecordException.class, () -> decode(json));
    }

    private static String message(String type, String data, String old) {
        return "{\"data\":" + data + ",\"database\":\"app\",\"es\":1700000000000,\"gtid\":\"" + GTID
                + "\",\"id\":12,\"isDdl\":false,\"mysqlType\":{\"id\":\"bigint\",\"name\":\"varchar(40)\"},\"old\":"
                + old
                + ",\"pkNames\":[\"id\"],\"sql\":\"the sql\",\"sqlType\":{\"id\":-5,\"name\":12},"
                + "\"table\":\"students\",\"ts\":1700000000123,\"type\":\"" + type + "\"}";
    }
}
