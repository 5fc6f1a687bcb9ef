package io.sluice.node.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.grpc.StatusRuntimeException;
import io.sluice.mapping.Canonical;
import io.sluice.mapping.CanonicalText;
import io.sluice.node.Failures;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/**
 * The bytes of one column: text as UTF-8, binary and geometry as they are, numbers, dates and times as the text that a
 * key would have (in UTC for TIMESTAMP). NULL is no bytes, as the empty text is.
 *
 * <p>The query may return the columns of the key too, so that the row can be compared with the key; the value is the
 * one column that is left, or the only one.
 *
 * <p>Not thread-safe: one for each value.
 */
final class RowBytes implements RowValue {
    private static final byte[] NULL = {};

    private final String group;
    private final List<String> keyColumns;
    private byte[] bytes = NULL;

    RowBytes(String group, List<String> keyColumns) {
        this.group = requireNonNull(group, "group is null");
        this.keyColumns = List.copyOf(keyColumns);
    }

    @Override
    public void append(ResultSet row, ResultSetMetaData columns) throws SQLException {
        bytes = bytes(row, valueColumn(columns), columns);
    }

    private int valueColumn(ResultSetMetaData columns) throws SQLException {
        int found = 0;
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            String label = columns.getColumnLabel(column);
            boolean ofKey = columns.getColumnCount() > 1 && keyColumns.stream().anyMatch(label::equalsIgnoreCase);
            if (!ofKey) {
                if (found > 0) {
                    throw notOne();
                }
                found = column;
            }
        }
        if (found == 0) {
            throw notOne();
        }
        return found;
    }

    private StatusRuntimeException notOne() {
        return Failures.failedPrecondition("Group " + group
                + " has value: raw, and its load query does not return exactly one column beside those of the key:"
                + " select one, or declare value: json");
    }

    private static byte[] bytes(ResultSet row, int column, ResultSetMetaData columns) throws SQLException {
        if (isBinary(columns.getColumnType(column))) {
            return requireNonNullElse(row.getBytes(column), NULL);
        }
        Object value = ColumnValue.of(row, column);
        if (value == null) {
            return NULL;
        }
        Canonical text = CanonicalText.fromJdbc(ColumnValue.mysqlType(columns, column), value);
        return (text instanceof Canonical.Text(String canonical) ? canonical : row.getString(column)).getBytes(UTF_8);
    }

    private static boolean isBinary(int jdbcType) {
        return switch (jdbcType) {
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> true;
            default -> false;
        };
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public byte[] finish() {
        return bytes;
    }
}
