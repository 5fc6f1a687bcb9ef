package io.sluice.node.load;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result set of one row, made by hand: values are given as the driver returns them from {@code getObject}. Only what
 * loading asks for is there.
 */
record FakeRows(List<Column> columns) {
    /** One column with its value. */
    record Column(
            String label,
            String typeName,
            int jdbcType,
            int precision,
            int scale,
            boolean caseSensitive,
            @Nullable Object value) {
        static Column of(String label, String typeName, int jdbcType, @Nullable Object value) {
            return new Column(label, typeName, jdbcType, 0, 0, true, value);
        }

        Column sized(int newPrecision, int newScale) {
            return new Column(label, typeName, jdbcType, newPrecision, newScale, caseSensitive, value);
        }

        Column caseInsensitive() {
            return new Column(label, typeName, jdbcType, precision, scale, false, value);
        }
    }

    static FakeRows of(Column... columns) {
        return new FakeRows(List.of(columns));
    }

    ResultSet row() {
        return proxy(ResultSet.class, (method, index) -> {
            if (method.equals("getMetaData")) {
                return metaData();
            }
            Object value = columns.get(index - 1).value();
            return switch (method) {
                case "getObject" -> value;
                case "getString" -> String.valueOf(value);
                case "getBytes" -> value;
                case "getBoolean" -> value;
                case "getBigDecimal" -> new BigDecimal(String.valueOf(value));
                case "getDouble" -> Double.valueOf(String.valueOf(value));
                case "getFloat" -> Float.valueOf(String.valueOf(value));
                default -> throw new UnsupportedOperationException(method);
            };
        });
    }

    ResultSetMetaData metaData() {
        return proxy(ResultSetMetaData.class, (method, index) -> {
            if (method.equals("getColumnCount")) {
                return columns.size();
            }
            Column column = columns.get(index - 1);
            return switch (method) {
                case "getColumnLabel" -> column.label();
                case "getColumnTypeName" -> column.typeName();
                case "getColumnType" -> column.jdbcType();
                case "getPrecision" -> column.precision();
                case "getScale" -> column.scale();
                case "isCaseSensitive" -> column.caseSensitive();
                default -> throw new UnsupportedOperationException(method);
            };
        });
    }

    private interface Answers {
        @Nullable Object of(String method, int index);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                FakeRows.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) ->
                        answers.of(method.getName(), arguments == null ? 0 : (Integer) arguments[0])));
    }
}
