package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.sluice.devstack.Devstack;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a node makes of a row with a column of every type. */
@SystemTest
@Order(5)
class RowJsonTest {
    /** A column: name, type, a value in SQL, and its JSON. */
    private record Column(String name, String type, String value, String json) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("a_tinyint", "TINYINT", "-128", "-128"),
            new Column("a_bool", "TINYINT(1)", "2", "2"),
            new Column("a_mediumint", "MEDIUMINT UNSIGNED", "16777215", "16777215"),
            new Column("a_bigint", "BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"),
            new Column("a_decimal", "DECIMAL(20,4)", "1.5", "1.5000"),
            new Column(
                    "a_big_decimal",
                    "DECIMAL(65,30)",
                    "0.000000000000000000000000000001",
                    "0.000000000000000000000000000001"),
            new Column("a_float", "FLOAT", "1.5", "1.5"),
            new Column("a_double", "DOUBLE", "-2.25", "-2.25"),
            new Column("a_varchar", "VARCHAR(50)", "'Zoë \"学校\"'", "\"Zoë \\\"学校\\\"\""),
            new Column("a_char", "CHAR(5)", "'a'", "\"a\""),
            new Column("a_text", "TEXT", "'line\\nline'", "\"line\\nline\""),
            new Column("a_date", "DATE", "'2024-02-29'", "\"2024-02-29\""),
            new Column("a_zero_date", "DATE", "'0000-00-00'", "\"0000-00-00\""),
            new Column("a_datetime", "DATETIME(6)", "'2024-02-29 01:02:03.040506'", "\"2024-02-29 01:02:03.040506\""),
            new Column("a_zero_datetime", "DATETIME", "'0000-00-00 00:00:00'", "\"0000-00-00 00:00:00\""),
            new Column("a_timestamp", "TIMESTAMP(3) NULL", "'2024-02-29 12:34:56.789'", "\"2024-02-29 12:34:56.789\""),
            new Column("a_time", "TIME(3)", "'07:08:09.120'", "\"07:08:09.120\""),
            new Column("a_long_time", "TIME", "'-838:59:59'", "\"-838:59:59\""),
            new Column("a_year", "YEAR", "2024", "2024"),
            new Column("a_json", "JSON", "'{\"a\": [1, null], \"b\": {}}'", "{\"a\": [1, null], \"b\": {}}"),
            new Column("a_binary", "BINARY(4)", "X'0102'", "\"AQIAAA==\""),
            new Column("a_varbinary", "VARBINARY(8)", "X'00FF'", "\"AP8=\""),
            new Column("a_blob", "BLOB", "X'CAFE'", "\"yv4=\""),
            new Column("a_bit", "BIT(1)", "b'1'", "true"),
            new Column("some_bits", "BIT(12)", "b'101010101010'", "\"Cqo=\""),
            new Column("an_enum", "ENUM('red','green')", "'green'", "\"green\""),
            new Column("a_set", "SET('a','b','c')", "'a,c'", "\"a,c\""));

    private final Scene scene;

    RowJsonTest(Devstack stack) {
        StringBuilder table = new StringBuilder("CREATE TABLE everything (id INT PRIMARY KEY");
        StringBuilder full = new StringBuilder("INSERT INTO everything VALUES (1");
        for (Column column : COLUMNS) {
            table.append(", ").append(column.name()).append(' ').append(column.type());
            full.append(", ").append(column.value());
        }
        scene = Scene.start(
                stack,
                "row_json",
                1,
                """
                groups:
                  row: { source: app, key: "{id}", load: "SELECT * FROM everything WHERE id = :id" }
                  struct: { source: app, key: "{id}", value: struct, load: "SELECT * FROM everything WHERE id = :id" }
                  blob: { source: app, key: "{id}", value: raw, load: "SELECT id, a_blob FROM everything WHERE id = :id" }
                  text: { source: app, key: "{id}", value: raw, load: "SELECT id, a_varchar FROM everything WHERE id = :id" }
                  moment: { source: app, key: "{id}", value: raw, load: "SELECT id, a_timestamp FROM everything WHERE id = :id" }
                  rows: { source: app, key: "{id}", rows: many, load: "SELECT id, a_bit FROM everything WHERE id <= :id ORDER BY id" }
                invalidate:
                  - table: ${db}.everything
                    keys: [{ group: row, key: "{id}" }, { group: struct, key: "{id}" }, { group: blob, key: "{id}" }, { group: text, key: "{id}" }, { group: moment, key: "{id}" }]
                """,
                table.append(')').toString(),
                "SET SESSION sql_mode = ''",
                full.append(')').toString(),
                "INSERT INTO everything (id) VALUES (2)");
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void everyTypeHasItsJson() {
        StringBuilder json = new StringBuilder("{\"id\":1");
        COLUMNS.forEach(
                column -> json.append(",\"").append(column.name()).append("\":").append(column.json()));
        assertThat(scene.client().get("row", "1").text())
                .hasValue(json.append('}').toString());
    }

    @Test
    void nullIsNullInEveryType() {
        StringBuilder json = new StringBuilder("{\"id\":2");
        COLUMNS.forEach(column -> json.append(",\"").append(column.name()).append("\":null"));
        assertThat(scene.client().get("row", "2").text())
                .hasValue(json.append('}').toString());
    }

    @Test
    void rawIsTheBytesOfOneColumn() {
        assertThat(scene.client().get("blob", "1").value().toByteArray())
                .isEqualTo(new byte[] {(byte) 0xCA, (byte) 0xFE});
        assertThat(scene.client().get("text", "1").text()).hasValue("Zoë \"学校\"");
        assertThat(scene.client().get("moment", "1").text()).hasValue("2024-02-29 12:34:56.789");
        assertThat(scene.client().get("blob", "2").found()).isTrue();
        assertThat(scene.client().get("blob", "2").value().isEmpty()).isTrue();
    }

    @Test
    void aStructLosesNoDigit() throws InvalidProtocolBufferException {
        Struct row = Struct.parseFrom(scene.client().get("struct", "1").value());
        assertThat(row.getFieldsCount()).isEqualTo(COLUMNS.size() + 1);
        assertThat(row.getFieldsOrThrow("a_mediumint").getNumberValue()).isEqualTo(16777215);
        assertThat(row.getFieldsOrThrow("a_year").getNumberValue()).isEqualTo(2024);
        assertThat(row.getFieldsOrThrow("a_bigint").getStringValue()).isEqualTo("18446744073709551615");
        assertThat(row.getFieldsOrThrow("a_decimal").getStringValue()).isEqualTo("1.5000");
        assertThat(row.getFieldsOrThrow("a_big_decimal").getStringValue())
                .isEqualTo("0.000000000000000000000000000001");
        assertThat(row.getFieldsOrThrow("a_zero_date").getStringValue()).isEqualTo("0000-00-00");
        assertThat(row.getFieldsOrThrow("a_json").getStringValue()).isEqualTo("{\"a\": [1, null], \"b\": {}}");
        assertThat(row.getFieldsOrThrow("a_binary").getStringValue()).isEqualTo("AQIAAA==");
        assertThat(row.getFieldsOrThrow("a_bit").getBoolValue()).isTrue();

        Struct nulls = Struct.parseFrom(scene.client().get("struct", "2").value());
        COLUMNS.forEach(column ->
                assertThat(nulls.getFieldsOrThrow(column.name()).getKindCase()).isEqualTo(Value.KindCase.NULL_VALUE));
    }

    @Test
    void severalRowsAreAnArray() {
        assertThat(scene.client().get("rows", "2").text())
                .hasValue("[{\"id\":1,\"a_bit\":true},{\"id\":2,\"a_bit\":null}]");
        assertThat(scene.client().get("rows", "0").found()).isFalse();
    }
}
