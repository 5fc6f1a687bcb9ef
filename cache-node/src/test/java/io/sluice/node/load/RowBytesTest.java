package io.sluice.node.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.sluice.node.load.FakeRows.Column;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowBytesTest {
    private static final Column ID = Column.of("id", "INT", Types.INTEGER, 7);

    @Test
    void theColumnBesideTheKeysIsTheValue() throws SQLException {
        assertThat(text(ID, Column.of("name", "VARCHAR", Types.VARCHAR, "Zoë"))).isEqualTo("Zoë");
        assertThat(text(Column.of("name", "VARCHAR", Types.VARCHAR, "Ann"), Column.of("ID", "INT", Types.INTEGER, 7)))
                .isEqualTo("Ann");
        assertThat(text(ID)).as("the key's column alone").isEqualTo("7");
    }

    @Test
    void binaryIsItsBytesAndNumbersAreTheirText() throws SQLException {
        byte[] photo = {(byte) 0xFF, 0, 1};
        assertThat(bytes(ID, Column.of("photo", "BLOB", Types.LONGVARBINARY, photo)))
                .isEqualTo(photo);
        assertThat(text(
                        ID,
                        Column.of("score", "DECIMAL", Types.DECIMAL, new BigDecimal("1E+3"))
                                .sized(10, 2)))
                .isEqualTo("1000.00");
        assertThat(text(
                        ID,
                        Column.of("mask", "BIT", Types.BIT, new byte[] {1, 2}).sized(12, 0)))
                .isEqualTo("258");
        assertThat(text(ID, Column.of("extra", "JSON", Types.LONGVARCHAR, "{\"a\": [1]}")))
                .isEqualTo("{\"a\": [1]}");
    }

    @Test
    void nullIsNoBytes() throws SQLException {
        assertThat(bytes(ID, Column.of("note", "TEXT", Types.LONGVARCHAR, null)))
                .isEmpty();
        assertThat(bytes(ID, Column.of("photo", "BLOB", Types.LONGVARBINARY, null)))
                .isEmpty();
    }

    @Test
    void twoColumnsAreRefused() {
        assertThatThrownBy(() -> bytes(
                        ID,
                        Column.of("name", "VARCHAR", Types.VARCHAR, "Ann"),
                        Column.of("note", "VARCHAR", Types.VARCHAR, "x")))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("does not return exactly one column")
                .hasMessageContaining("value: json");
    }

    private static String text(Column... columns) throws SQLException {
        return new String(bytes(columns), UTF_8);
    }

    private static byte[] bytes(Column... columns) throws SQLException {
        FakeRows rows = FakeRows.of(columns);
        try (RowBytes value = new RowBytes("student", List.of("id"))) {
            value.append(rows.row(), rows.metaData());
            assertThat(value.size()).isEqualTo(value.finish().length);
            return value.finish();
        }
    }
}
