package io.sluice.node.load;

import io.sluice.mapping.CanonicalText;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a row. Dates and times are read as the text that MySQL prints: the driver's own types hold
 * neither a TIME of -838:59:59 nor the date 0000-00-00, and fail on them. Stateless.
 */
final class ColumnValue {
    private ColumnValue() {}

    /** The value; null for NULL. */
    static @Nullable Object of(ResultSet row, int column) throws SQLException {
        return switch (row.getMetaData().getColumnType(column)) {
            case Types.DATE, Types.TIME, Types.TIMESTAMP -> row.getString(column);
            default -> row.getObject(column);
        };
    }

    /** The type of a column as MySQL writes it, such as {@code decimal(10,2)}. */
    static String mysqlType(ResultSetMetaData columns, int column) throws SQLException {
        return CanonicalText.mysqlType(
                columns.getColumnTypeName(column), columns.getPrecision(column), columns.getScale(column));
    }
}
