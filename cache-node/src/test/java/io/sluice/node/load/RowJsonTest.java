package io.sluice.node.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.load.FakeRows.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Types;
import org.junit.jupiter.api.Test;

final class RowJsonTest {
    @Test
    void columnsKeepTheirOrderAndTheirKind() throws SQLException {
        FakeRows rows = FakeRows.of(
                Column.of("id", "BIGINT UNSIGNED", Types.BIGINT, new BigInteger("18446744073709551615")),
                Column.of("name", "VARCHAR", Types.VARCHAR, "Zoë \"Z\""),
                Column.of("score", "DECIMAL", Types.DECIMAL, new BigDecimal("1E+3")),
                Column.of("ratio", "DOUBLE", Types.DOUBLE, 0.1),
                Column.of("share", "FLOAT", Types.REAL, 1.1f),
                Column.of("note", "TEXT", Types.LONGVARCHAR, null),
                Column.of("flag", "BIT", Types.BIT, true).sized(1, 0),
                Column.of("mask", "BIT", Types.BIT, new byte[] {1, 2}).sized(12, 0),
                Column.of("raw", "BLOB", Types.LONGVARBINARY, new byte[] {(byte) 0xFF}),
                Column.of("tags", "JSON", Types.LONGVARCHAR, "{\"a\": [1]}"));

        assertThat(one(rows))
                .isEqualTo("{\"id\":18446744073709551615,\"name\":\"Zoë \\\"Z\\\"\",\"score\":1000,\"ratio\":0.1,"
                        + "\"share\":1.1,\"note\":null,\"flag\":true,\"mask\":\"AQI=\",\"raw\":\"/w==\","
                        + "\"tags\":{\"a\": [1]}}");
    }

    @Test
    void manyRowsAreAnArray() throws SQLException {
        FakeRows rows = FakeRows.of(Column.of("id", "INT", Types.INTEGER, 1));
        try (RowJson json = new RowJson(true)) {
            json.append(rows.row(), rows.metaData());
            json.append(rows.row(), rows.metaData());
            assertThat(json.size()).isEqualTo("[{\"id\":1},{\"id\":1}".length());
            assertThat(new String(json.finish(), UTF_8)).isEqualTo("[{\"id\":1},{\"id\":1}]");
        }
    }

    @Test
    void reasonOfAFailureIsWhatTheDatabaseSaidInOneLine() {
        SQLException cause = new SQLException("Communications link failure\n\nThe last packet", "08S01");
        SQLException failure = new SQLTransientConnectionException("Connection is not available", null, 0, cause);

        assertThat(SqlReason.of(failure)).isEqualTo("Communications link failure (SQLState 08S01)");
    }

    private static String one(FakeRows rows) throws SQLException {
        try (RowJson json = new RowJson(false)) {
            json.append(rows.row(), rows.metaData());
            return new String(json.finish(), UTF_8);
        }
    }
}
