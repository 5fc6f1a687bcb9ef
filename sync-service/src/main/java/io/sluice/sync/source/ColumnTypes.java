package io.sluice.sync.source;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of columns as an operator has declared them, for formats that do not tell them. Immutable. Tables and
 * columns are found without regard to case, as MySQL finds columns.
 */
public final class ColumnTypes {
    /** Nothing declared. */
    public static final ColumnTypes NONE = new ColumnTypes(Map.of());

    private final Map<String, Map<String, MysqlType>> tables = new HashMap<>();

    /** From {@code database.table} to column to type; IllegalArgumentException that says what is wrong. */
    public ColumnTypes(Map<String, Map<String, String>> declared) {
        declared.forEach((table, columns) -> {
            int dot = table.indexOf('.');
            if (dot <= 0 || dot == table.length() - 1) {
                throw new IllegalArgumentException("'" + table + "' is not a table: write database.table");
            }
            Map<String, MysqlType> types = new HashMap<>();
            columns.forEach((column, type) -> types.put(lower(column), MysqlType.declared(table, column, type)));
            tables.put(lower(table), types);
        });
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** The types of one table, asked by column in lower case; empty when none is declared. */
    Map<String, MysqlType> of(String database, String table) {
        return tables.isEmpty() ? Map.of() : tables.getOrDefault(lower(database + "." + table), Map.of());
    }

    static @Nullable MysqlType in(Map<String, MysqlType> types, String column) {
        return types.isEmpty() ? null : types.get(lower(column));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
