package io.sluice.sync.fanout;

import io.sluice.mapping.CanonicalText;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * A column of a result. Immutable.
 *
 * @param index from 1
 * @param text whether it is read as the text that MySQL prints: the driver's own types hold neither a TIME of
 *     -838:59:59 nor the date 0000-00-00
 */
record ResultColumn(int index, String mysqlType, boolean text) {
    /** The column of that name in any case; null when there is none. */
    static @Nullable ResultColumn named(String name, ResultSetMetaData columns) throws SQLException {
        for (int index = 1; index <= columns.getColumnCount(); index++) {
            if (columns.getColumnLabel(index).equalsIgnoreCase(name)) {
                String type = CanonicalText.mysqlType(
                        columns.getColumnTypeName(index), columns.getPrecision(index), columns.getScale(index));
                return new ResultColumn(index, type, isTime(columns.getColumnType(index)));
            }
        }
        return null;
    }

    private static boolean isTime(int type) {
        return type == Types.DATE || type == Types.TIME || type == Types.TIMESTAMP;
    }

    /** Its value in the row that the result stands on; null for NULL. */
    @Nullable Object value(ResultSet row) throws SQLException {
        return text ? row.getString(index) : row.getObject(index);
    }
}
