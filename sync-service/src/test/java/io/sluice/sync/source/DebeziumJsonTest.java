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

/** What the recorded messages of ChangeFormatsTest do not hold: noise, and what should never come. */
class DebeziumJsonTest {
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:17";
    private static final DecodedRecord NOTHING = new DecodedRecord("", List.of());

    private final DebeziumJson source = new DebeziumJson(4096, ColumnTypes.NONE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{\"schema\":null,\"payload\":null}",
                "{\"ts_ms\":1795624512071}",
                "{\"status\":\"BEGIN\",\"id\":\"file=x,pos=1\",\"event_count\":null,\"data_collections\":null,\"ts_ms\":1}"
            })
    void tombstonesHeartbeatsAndTransactionMarksAreNoChange(String json) throws Exception {
        assertThat(decode(json)).isEqualTo(NOTHING);
    }

    @Test
    void thePositionIsTheTransactionsOwn() throws Exception {
        assertThat(decode(event("c", "null", "{\"id\":1}")).position()).isEqualTo(GTID);
        assertThat(decode(event("c", "null", "{\"id\":1}").replace("\"" + GTID + "\"", "null"))
                        .position())
                .isEmpty();
    }

    @Test
    void withoutSchemaNothingIsSure() throws Exception {
        RowChange.Row row = (RowChange.Row) only(event("u", "{\"id\":1,\"name\":\"a\"}", "{\"id\":1,\"name\":\"b\"}"));
        assertThat(row.types()).isEmpty();
        assertThat(row.old()).isEqualTo(Map.of("name", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"name\":\"a\"}"})
    void anUpdateWithoutTheWholeRowBeforeIsUnmappable(String before) throws Exception {
        assertThat(only(event("u", before, "{\"id\":1,\"name\":\"b\"}"))).isInstanceOf(RowChange.Unmappable.class);
    }

    @Test
    void insertsAndDeletesWithoutRowAreUnmappable() throws Exception {
        assertThat(only(event("c", "null", "null"))).isInstanceOf(RowChange.Unmappable.class);
        assertThat(only(event("d", "null", "null"))).isInstanceOf(RowChange.Unmappable.class);
    }

    @Test
    void aSnapshotClearsEverythingWhereItBeginsAndEnds() throws Exception {
        for (String mark : List.of("first", "last")) {
            assertThat(decode(event("r", "null", "{\"id\":1}").replace("\"false\"", "\"" + mark + "\""))
                            .changes())
                    .extracting(RowChange::table)
                    .containsExactly("", "students");
        }
        for (String mark : List.of("true", "incremental")) {
            assertThat(decode(event("r", "null", "{\"id\":1}").replace("\"false\"", "\"" + mark + "\""))
                            .changes())
                    .extracting(RowChange::table)
                    .containsExactly("students");
        }
    }

    @Test
    void aBigintUnsignedOverTheHalfIsSureOnlyWhereItsTypeIsKnown() throws Exception {
        assertThat(value("\"type\":\"int64\"", "-1")).isEqualTo(new ColumnText(null, "-1"));
        assertThat(value("\"type\":\"int32\"", "-1")).isEqualTo(new ColumnText("bigint", "-1"));
        assertThat(value(propagated("int64", "BIGINT"), "-1")).isEqualTo(new ColumnText("bigint", "-1"));
        assertThat(value(propagated("int64", "BIGINT UNSIGNED"), "-1"))
                .isEqualTo(new ColumnText("bigint", "18446744073709551615"));
    }

    @Test
    void booleansAreSureOnlyWhereTheyCannotBeANumberMadeSmaller() throws Exception {
        assertThat(value("\"type\":\"boolean\"", "false")).isEqualTo(new ColumnText("bigint", "0"));
        assertThat(value("\"type\":\"boolean\"", "true").type()).isNull();
        assertThat(value(propagated("boolean", "BIT"), "true")).isEqualTo(new ColumnText("bigint", "1"));
        assertThat(value(propagated("boolean", "TINYINT"), "true").type()).isNull();
    }

    @Test
    void aDecimalAsDoubleIsSureAsFarAsADoubleIsExact() throws Exception {
        assertThat(value("\"type\":\"double\"", "1.5").type()).isNull();
        String decimal = propagated("double", "DECIMAL")
                .replace(
                        "{",
                        "{\"__debezium.source.column.length\":\"20\"," + "\"__debezium.source.column.scale\":\"2\",");
        assertThat(value(decimal, "1.5")).isEqualTo(new ColumnText("DECIMAL(20,2)", "1.5"));
        assertThat(value(decimal, "1234567890123456.5").type()).isNull();
    }

    @Test
    void milliSecondsOfAColumnWithMoreDigitsAreNotSure() throws Exception {
        String datetime = "\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\",\"parameters\":{"
                + "\"__debezium.source.column.type\":\"DATETIME\",\"__debezium.source.column.length\":\"%s\"}";
        assertThat(value(datetime.formatted("3"), "1709168523040"))
                .isEqualTo(new ColumnText("DATETIME(3)", "2024-02-29 01:02:03.040000"));
        assertThat(value(datetime.formatted("6"), "1709168523040").type()).isNull();
    }

    @Test
    void valuesThatAreNotWhatTheirTypeSaysAreNotSure() throws Exception {
        assertThat(value("\"type\":\"bytes\",\"name\":\"" + DebeziumValue.DECIMAL + "\"", "\"no base64!\"")
                        .type())
                .isNull();
        assertThat(value("\"type\":\"int32\",\"name\":\"io.debezium.time.Date\"", "99999999999999")
                        .type())
                .isNull();
        assertThat(value("\"type\":\"string\",\"name\":\"some.new.Type\"", "\"x\"")
                        .type())
                .isNull();
        assertThat(value("\"type\":\"string\"", "{\"a\":1}").type()).isNull();
    }

    @Test
    void unknownOperationsAreMalformedWithTheirTable() {
        MalformedRecordException error = malformed(event("x", "null", "{\"id\":1}"));
        assertThat(error.kind()).isEqualTo(Kind.UNKNOWN_TYPE);
        assertThat(error.database() + "." + error.table()).isEqualTo("app.students");
        assertThat(error.position()).isEqualTo(GTID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "{}", "{\"id\":1,\"name\":\"a\"}", "{\"op\":\"c\",\"after\":{\"id\":1}}"})
    void whatATransformHasChangedIsMalformed(String json) {
        assertThat(malformed(json).kind()).isEqualTo(Kind.UNEXPECTED_SHAPE);
    }

    @Test
    void theTableOfABrokenOrOversizedRecordIsKnownWhenItGotAsFar() {
        String event = event("c", "null", "{\"id\":1}");
        MalformedRecordException broken = malformed(event.substring(0, event.indexOf("\"op\"")));
        assertThat(broken.kind()).isEqualTo(Kind.UNPARSABLE);
        assertThat(broken.table()).isEqualTo("students");
        MalformedRecordException large = malformed(event("c", "null", "{\"id\":\"" + "x".repeat(5000) + "\"}"));
        assertThat(large.kind()).isEqualTo(Kind.OVERSIZED);
        assertThat(large.table()).isEqualTo("students");
        assertThat(large).hasMessageNotContaining("xxx");
    }

    private static String propagated(String connect, String mysql) {
        return "\"type\":\"" + connect + "\",\"parameters\":{\"__debezium.source.column.type\":\"" + mysql + "\"}";
    }

    /** The value of a column with that schema. */
    private ColumnText value(String schema, String json) throws MalformedRecordException {
        String envelope = "{\"schema\":{\"fields\":[{\"field\":\"after\",\"fields\":[{" + schema
                + ",\"field\":\"c\"}]}]},\"payload\":" + event("c", "null", "{\"c\":" + json + "}") + "}";
        RowChange.Row row = (RowChange.Row) only(envelope);
        return new ColumnText(row.types().get("c"), String.valueOf(row.data().get("c")));
    }

    private RowChange only(String json) throws MalformedRecordException {
        return decode(json).changes().getFirst();
    }

    private DecodedRecord decode(String json) throws MalformedRecordException {
        return source.decode(json.getBytes(UTF_8));
    }

    private MalformedRecordException malformed(String json) {
        return catchThrowableOfType(MalformedRecordException.class, () -> decode(json));
    }

    private static String event(String op, String before, String after) {
        return "{\"before\":" + before + ",\"after\":" + after + ",\"source\":{\"connector\":\"mysql\",\"snapshot\":"
                + "\"false\",\"db\":\"app\",\"table\":\"students\",\"gtid\":\"" + GTID + "\"},\"op\":\"" + op + "\"}";
    }
}
