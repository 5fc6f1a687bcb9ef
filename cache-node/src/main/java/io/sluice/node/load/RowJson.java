package io.sluice.node.load;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Renders rows as JSON: an object for {@code rows: one}, an array of objects for {@code rows: many}; columns by label,
 * in the order of the query.
 *
 * <p>Integers, decimals and floating-point numbers are JSON numbers (decimals with all their digits), NULL is null,
 * JSON columns are embedded as they are, binary is base64, {@code BIT(1)} is true or false, and everything else, dates
 * and times included, is a string as MySQL prints it (in UTC for TIMESTAMP).
 *
 * <p>Not thread-safe: one for each load.
 */
final class RowJson implements RowValue {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes);
    private final boolean many;

    RowJson(boolean many) {
        this.many = many;
        if (many) {
            json.writeStartArray();
        }
    }

    @Override
    public void append(ResultSet row, ResultSetMetaData columns) throws SQLException {
        json.writeStartObject();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            json.writeName(columns.getColumnLabel(column));
            append(row, column, columns);
        }
        json.writeEndObject();
    }

    private void append(ResultSet row, int column, ResultSetMetaData columns) throws SQLException {
        if (ColumnValue.of(row, column) == null) {
            json.writeNull();
            return;
        }
        switch (columns.getColumnType(column)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL, Types.NUMERIC -> {
                BigDecimal number = row.getBigDecimal(column);
                json.writeNumber(number);
            }
            case Types.REAL -> json.writeNumber(row.getFloat(column));
            case Types.FLOAT, Types.DOUBLE -> json.writeNumber(row.getDouble(column));
            case Types.BIT, Types.BOOLEAN -> bit(row, column, columns);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                json.writeBinary(row.getBytes(column));
            default -> {
                if (columns.getColumnTypeName(column).equals("JSON")) {
                    json.writeRawValue(row.getString(column));
                } else {
                    json.writeString(row.getString(column));
                }
            }
        }
    }

    private void bit(ResultSet row, int column, ResultSetMetaData columns) throws SQLException {
        if (columns.getPrecision(column) <= 1) {
            json.writeBoolean(row.getBoolean(column));
        } else {
            json.writeBinary(row.getBytes(column));
        }
    }

    @Override
    public int size() {
        json.flush();
        return bytes.size();
    }

    @Override
    public byte[] finish() {
        if (many) {
            json.writeEndArray();
        }
        json.close();
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        json.close();
    }
}
