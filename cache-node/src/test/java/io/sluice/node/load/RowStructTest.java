package io.sluice.node.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.StatusRuntimeException;
import io.sluice.node.load.FakeRows.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.sql.Types;
import org.junit.jupiter.api.Test;

final class RowStructTest {
    @Test
    void numbersThatADoubleAlwaysHoldsAreNumbers() throws Exception {
        Struct row = row(
                Column.of("id", "INT UNSIGNED", Types.INTEGER, 4294967295L),
                Column.of("ratio", "DOUBLE", Types.DOUBLE, 0.1),
                Column.of("share", "FLOAT", Types.REAL, 1.1f));

        assertThat(row.getFieldsOrThrow("id").getNumberValue()).isEqualTo(4294967295d);
        assertThat(row.getFieldsOrThrow("ratio").getNumberValue()).isEqualTo(0.1);
        assertThat(row.getFieldsOrThrow("share").getNumberValue()).isEqualTo(1.1);
    }

    @Test
    void othersAreStringsWithAllTheirDigits() throws Exception {
        Struct row = row(
                Column.of("big", "BIGINT UNSIGNED", Types.BIGINT, new BigInteger("18446744073709551615")),
                Column.of("small", "BIGINT", Types.BIGINT, 1L),
                Column.of("price", "DECIMAL", Types.DECIMAL, new BigDecimal("1.5"))
                        .sized(20, 4),
                Column.of("tags", "JSON", Types.LONGVARCHAR, "{\"a\": 9007199254740993}"));

        assertThat(text(row, "big")).isEqualTo("18446744073709551615");
        assertThat(text(row, "small")).as("the same kind in every row").isEqualTo("1");
        assertThat(text(row, "price")).isEqualTo("1.5000");
        assertThat(text(row, "tags")).isEqualTo("{\"a\": 9007199254740993}");
    }

    @Test
    void nullBitsAndBinary() throws Exception {
        Struct row = row(
                Column.of("note", "TEXT", Types.LONGVARCHAR, null),
                Column.of("flag", "BIT", Types.BIT, true).sized(1, 0),
                Column.of("mask", "BIT", Types.BIT, new byte[] {1, 2}).sized(12, 0),
                Column.of("raw", "BLOB", Types.LONGVARBINARY, new byte[] {(byte) 0xFF}));

        assertThat(row.getFieldsOrThrow("note").getNullValue()).isEqualTo(NullValue.NULL_VALUE);
        assertThat(row.getFieldsOrThrow("note").getKindCase()).isEqualTo(Value.KindCase.NULL_VALUE);
        assertThat(row.getFieldsOrThrow("flag").getBoolValue()).isTrue();
        assertThat(text(row, "mask")).isEqualTo("AQI=");
        assertThat(text(row, "raw")).isEqualTo("/w==");
    }

    @Test
    void severalRowsAreAList() throws Exception {
        FakeRows rows = FakeRows.of(Column.of("id", "INT", Types.INTEGER, 1));
        try (RowStruct value = new RowStruct("roster", true)) {
            value.append(rows.row(), rows.metaData());
            int one = value.size();
            value.append(rows.row(), rows.metaData());
            assertThat(value.size()).isEqualTo(2 * one).isPositive();
            ListValue list = ListValue.parseFrom(value.finish());
            assertThat(list.getValuesList())
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(
                                    row.getStructValue().getFieldsOrThrow("id").getNumberValue())
                            .isEqualTo(1));
        }
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        assertThatThrownBy(
                        () -> row(Column.of("id", "INT", Types.INTEGER, 1), Column.of("id", "INT", Types.INTEGER, 2)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("two columns named id")
                .hasMessageContaining("alias");
    }

    private static String text(Struct row, String column) {
        Value value = row.getFieldsOrThrow(column);
        assertThat(value.getKindCase()).isEqualTo(Value.KindCase.STRING_VALUE);
        return value.getStringValue();
    }

    private static Struct row(Column... columns) throws SQLException, InvalidProtocolBufferException {
        FakeRows rows = FakeRows.of(columns);
        try (RowStruct value = new RowStruct("student", false)) {
            value.append(rows.row(), rows.metaData());
            return Struct.parseFrom(value.finish());
        }
    }
}
