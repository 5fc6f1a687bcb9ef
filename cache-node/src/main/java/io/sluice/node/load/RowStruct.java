package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.sluice.mapping.Canonical;
import io.sluice.mapping.CanonicalText;
import io.sluice.node.Failures;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Base64;

/**
 * Rows as {@code google.protobuf.Struct}, whose numbers are doubles. So that no digit is lost, and a column is the same
 * kind of value in every row, only types that a double always holds are numbers: integers up to INT UNSIGNED, YEAR,
 * FLOAT and DOUBLE. BIGINT and DECIMAL are strings with all their digits, and so is JSON, whose numbers may be of any
 * length. NULL is {@code null_value}, {@code BIT(1)} a bool, binary is base64, and all else, dates and times included,
 * a string as in JSON values.
 *
 * <p>Not thread-safe: one for each value.
 */
final class RowStruct implements RowValue {
    private static final Value NULL =
            Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();

    private final String group;
    private final boolean many;
    private final ListValue.Builder rows = ListValue.newBuilder();
    private Struct row = Struct.getDefaultInstance();
    private int size;

    RowStruct(String group, boolean many) {
        this.group = requireNonNull(group, "group is null");
        this.many = many;
    }

    @Override
    public void append(ResultSet from, ResultSetMetaData columns) throws SQLException {
        Struct.Builder struct = Struct.newBuilder();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            String name = columns.getColumnLabel(column);
            if (struct.containsFields(name)) {
                throw Failures.failedPrecondition("The load query of group " + group + " returns two columns named "
                        + name + ", and a struct has one of each name: give one an alias");
            }
            struct.putFields(name, value(from, column, columns));
        }
        row = struct.build();
        size += row.getSerializedSize();
        if (many) {
            rows.addValues(Value.newBuilder().setStructValue(row));
        }
    }

    private static Value value(ResultSet row, int column, ResultSetMetaData columns) throws SQLException {
        Object value = ColumnValue.of(row, column);
        if (value == null) {
            return NULL;
        }
        return switch (columns.getColumnType(column)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> number(row.getDouble(column));
            // By its shortest text: 1.1 is not 1.10000002384185791015625.
            case Types.REAL -> number(Double.parseDouble(Float.toString(row.getFloat(column))));
            case Types.FLOAT, Types.DOUBLE -> number(row.getDouble(column));
            case Types.BIT, Types.BOOLEAN -> bit(row, column, columns);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> base64(row.getBytes(column));
            case Types.BIGINT, Types.DECIMAL, Types.NUMERIC -> string(canonical(value, row, column, columns));
            default -> string(row.getString(column));
        };
    }

    private static String canonical(Object value, ResultSet row, int column, ResultSetMetaData columns)
            throws SQLException {
        Canonical text = CanonicalText.fromJdbc(ColumnValue.mysqlType(columns, column), value);
        return text instanceof Canonical.Text(String canonical) ? canonical : row.getString(column);
    }

    private static Value bit(ResultSet row, int column, ResultSetMetaData columns) throws SQLException {
        return columns.getPrecision(column) <= 1
                ? Value.newBuilder().setBoolValue(row.getBoolean(column)).build()
                : base64(row.getBytes(column));
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    private static Value string(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Value base64(byte[] bytes) {
        return string(Base64.getEncoder().encodeToString(bytes));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public byte[] finish() {
        return many ? rows.build().toByteArray() : row.toByteArray();
    }
}
