package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.mapping.RowChange;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the records of ChangeFormatsTest do not hold: which values speak for themselves, and what should never come. */
class MaxwellJsonTest {
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:17";

    private final MaxwellJson source = new MaxwellJson(4096, ColumnTypes.NONE);

    @Test
    void aRowWithItsPosition() throws Exception {
        DecodedRecord record = decode(record("delete", ",\"data\":{\"id\":1,\"name\":\"Ann!\"}"));
        assertThat(record.position()).isEqualTo(GTID);
        assertThat(record.changes())
                .containsExactly(RowChange.delete(
                        "app", "students", Map.of("id", "bigint", "name", "text"), Map.of("id", "1", "name", "Ann!")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Anne\"", "\"yv4=\"", "\"20:14:04\"", "1.50", "1E5", "[\"a\"]", "true"})
    void whatCouldBeOfAnotherTypeIsNotSure(String value) throws Exception {
        assertThat(row("insert", "{\"c\":" + value + "}").types()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"Ann\"", "\"\"", "\"2024-02-29\"", "\"3e11fa47-71ca\"", "7", "-7", "18446744073709551615"})
    void whatIsTheSameInEveryTypeIsSure(String value) throws Exception {
        assertThat(row("insert", "{\"c\":" + value + "}").types()).containsKey("c");
    }

    @Test
    void aColumnIsSureOnlyInAllItsImages() throws Exception {
        String json = record("update", ",\"data\":{\"id\":1,\"name\":\"Ann\"},\"old\":{\"name\":\"Anne\"}");
        RowChange.Row row = (RowChange.Row) decode(json).changes().getFirst();
        assertThat(row.types()).containsOnlyKeys("id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"old\":{}", ",\"old\":null"})
    void anUpdateWithoutTheRowBeforeIsUnmappable(String old) throws Exception {
        assertThat(decode(record("update", ",\"data\":{\"id\":1}" + old))
                        .changes()
                        .getFirst())
                .isInstanceOf(RowChange.Unmappable.class);
    }

    @Test
    void anEncryptedRowIsUnmappable() throws Exception {
        assertThat(decode(record("insert", ",\"encrypted\":{\"iv\":\"x\",\"bytes\":\"y\"}"))
                        .changes()
                        .getFirst())
                .isInstanceOf(RowChange.Unmappable.class);
    }

    @Test
    void aBootstrapTellsRowsAndItsEndsNothing() throws Exception {
        assertThat(row("bootstrap-insert", "{\"id\":1}").kind()).isEqualTo(RowChange.Kind.INSERT);
        assertThat(decode(record("bootstrap-start", ",\"data\":{}")).changes()).isEmpty();
        assertThat(decode(record("bootstrap-complete", ",\"data\":{}")).changes())
                .isEmpty();
    }

    @Test
    void definitionsCarryTheirText() throws Exception {
        assertThat(decode(record("table-alter", ",\"sql\":\"alter table students add x int\""))
                        .changes())
                .isEqualTo(List.of(new RowChange.Definition("app", "students", "alter table students add x int")));
    }

    @Test
    void unknownTypesAndOtherShapesAreMalformed() {
        assertThat(malformed(record("explode", "")).kind()).isEqualTo(Kind.UNKNOWN_TYPE);
        assertThat(malformed(record("explode", "")).table()).isEqualTo("students");
        assertThat(malformed("{\"type\":\"insert\",\"data\":{\"id\":1}}").kind())
                .isEqualTo(Kind.UNEXPECTED_SHAPE);
        assertThat(malformed("[]").kind()).isEqualTo(Kind.UNEXPECTED_SHAPE);
        assertThat(malformed("").kind()).isEqualTo(Kind.EMPTY);
        assertThat(malformed(record("insert", ",\"data\":{\"id\"")).kind()).isEqualTo(Kind.UNPARSABLE);
        assertThat(malformed(record("insert", ",\"data\":{\"id\"")).table()).isEqualTo("students");
    }

    private RowChange.Row row(String type, String data) throws MalformedRecordException {
        return (RowChange.Row)
                decode(record(type, ",\"data\":" + data)).changes().getFirst();
    }

    private DecodedRecord decode(String json) throws MalformedRecordException {
        return source.decode(json.getBytes(UTF_8));
    }

    private MalformedRecordException malformed(String json) {
        return catchThrowableOfType(MalformedRecordException.class, () -> decode(json));
    }

    private static String record(String type, String rest) {
        return "{\"database\":\"app\",\"table\":\"students\",\"type\":\"" + type + "\",\"ts\":1,\"gtid\":\"" + GTID
                + "\"" + rest + "}";
    }
}
