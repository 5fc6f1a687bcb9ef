package io.sluice.mapping;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a database server says of itself: tables and settings. Immutable.
 *
 * @param settings global variables and counters in lower case, such as {@code binlog_format}
 */
public record Schema(List<Table> tables, Map<String, String> settings) {
    public Schema {
        tables = List.copyOf(tables);
        settings = Map.copyOf(settings);
    }

    /** A table or view. */
    public record Table(
            String database,
            String name,
            boolean view,
            List<Column> columns,
            List<String> primaryKey,
            Map<String, List<String>> uniqueKeys,
            List<ForeignKey> foreignKeys) {
        public Table {
            columns = List.copyOf(columns);
            primaryKey = List.copyOf(primaryKey);
            uniqueKeys = Collections.unmodifiableMap(new LinkedHashMap<>(uniqueKeys));
            foreignKeys = List.copyOf(foreignKeys);
        }

        /** A column by its name in any case. */
        public Optional<Column> column(String column) {
            return columns.stream()
                    .filter(one -> one.name().equalsIgnoreCase(column))
                    .findFirst();
        }

        TableName tableName() {
            return new TableName(database, name);
        }
    }

    /**
     * A column.
     *
     * @param type with length and attributes, as MySQL prints it
     * @param charset of text; null for other types
     */
    public record Column(String name, String type, @Nullable String charset) {}

    /**
     * A foreign key of the table that has it.
     *
     * @param onDelete and {@code onUpdate}: CASCADE, SET NULL, RESTRICT or NO ACTION
     */
    public record ForeignKey(
            String name,
            String parentDatabase,
            String parentTable,
            Map<String, String> columns,
            String onDelete,
            String onUpdate) {
        public ForeignKey {
            columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        }

        boolean changesRows() {
            return isChange(onDelete) || isChange(onUpdate);
        }

        private static boolean isChange(String action) {
            return action.equals("CASCADE") || action.equals("SET NULL") || action.equals("SET DEFAULT");
        }
    }

    Optional<Table> table(TableName name) {
        return tables.stream().filter(table -> table.tableName().equals(name)).findFirst();
    }

    /** A setting; empty when the server does not have it. */
    String setting(String name) {
        return settings.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
