package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.RowChange;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What others write as "Canal JSON" and how it differs: no key of it is lost. */
class CanalDialectsTest {
    private static final Map<String, String> TYPES = Map.of("id", "bigint", "name", "varchar(40)");

    private final ChangeSource source = ChangeFormat.CANAL_JSON.source(4096, ColumnTypes.NONE);

    @Test
    void theTimeMayBeInSeconds() throws Exception {
        String json = message("INSERT", "[{\"id\":\"1\",\"name\":\"a\"}]", "null", types());
        assertThat(decode(source, json.replace("1700000000000", "1700000000"))).isEqualTo(decode(source, json));
    }

    @Test
    void oldMayHoldTheWholeRow() throws Exception {
        RowChange.Row row = decode(
                source,
                message("UPDATE", "[{\"id\":\"1\",\"name\":\"b\"}]", "[{\"id\":\"1\",\"name\":\"a\"}]", types()));
        assertThat(row.data()).isEqualTo(Map.of("id", "1", "name", "b"));
        assertThat(row.old()).isEqualTo(Map.of("id", "1", "name", "a"));
    }

    @Test
    void theRowOfADeleteMayBeInOld() throws Exception {
        for (String data : new String[] {"null", "[]"}) {
            assertThat(decode(source, message("DELETE", data, "[{\"id\":\"1\",\"name\":\"a\"}]", types())))
                    .isEqualTo(RowChange.delete("app", "students", TYPES, Map.of("id", "1", "name", "a")));
        }
    }

    @Test
    void typesMayBeMissingAndDeclaredInstead() throws Exception {
        String json = message("UPDATE", "[{\"ID\":\"1\",\"name\":\"b\"}]", "[{\"name\":\"a\"}]", "null");
        assertThat(decode(source, json).types()).isEmpty();
        ChangeSource typed = ChangeFormat.CANAL_JSON.source(
                4096, new ColumnTypes(Map.of("App.Students", Map.of("id", "BIGINT", "name", "varchar(40)"))));
        assertThat(decode(typed, json).types()).isEqualTo(Map.of("ID", "BIGINT", "name", "varchar(40)"));
    }

    @Test
    void whatAMessageTellsOfTypesWins() throws Exception {
        ChangeSource typed = ChangeFormat.CANAL_JSON.source(
                4096, new ColumnTypes(Map.of("app.students", Map.of("id", "int", "note", "text"))));
        String json = message("INSERT", "[{\"id\":\"1\",\"note\":\"b\"}]", "null", "{\"id\":\"bigint\"}");
        assertThat(decode(typed, json).types()).isEqualTo(Map.of("id", "bigint", "note", "text"));
    }

    private static RowChange.Row decode(ChangeSource source, String json) throws MalformedRecordException {
        return (RowChange.Row) source.decode(json.getBytes(UTF_8)).changes().getFirst();
    }

    private static String types() {
        return "{\"id\":\"bigint\",\"name\":\"varchar(40)\"}";
    }

    private static String message(String type, String data, String old, String types) {
        return "{\"data\":" + data + ",\"database\":\"app\",\"es\":1700000000000,\"isDdl\":false,\"mysqlType\":" + types
                + ",\"old\":" + old + ",\"table\":\"students\",\"type\":\"" + type + "\"}";
    }
}
