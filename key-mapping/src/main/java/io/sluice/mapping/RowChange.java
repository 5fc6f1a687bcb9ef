package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change at the source, as the binlog tells it. Immutable as long as its maps are not changed; it keeps the maps it
 * is given and copies nothing.
 */
public sealed interface RowChange {
    /** The database (schema) of the table; empty when it is not known. */
    String database();

    /** The table; empty when it is not known. */
    String table();

    /** What happened to a row. */
    enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    /**
     * A row with its images, in the text that Canal prints; a TIMESTAMP may end in Z, which says that it is in UTC.
     *
     * @param types column to MySQL type, such as {@code decimal(10,2)}; a column without a type has no sure text, and
     *     clears the groups that need it
     * @param data INSERT and UPDATE: the row after; DELETE: the row as it was
     * @param old UPDATE: the earlier values of (at least) the changed columns, where a present null means NULL and an
     *     absent column means unchanged; otherwise empty
     */
    record Row(
            String database,
            String table,
            Kind kind,
            Map<String, String> types,
            Map<String, @Nullable String> data,
            Map<String, @Nullable String> old)
            implements RowChange {
        public Row {
            requireNonNull(database, "database is null");
            requireNonNull(table, "table is null");
            requireNonNull(kind, "kind is null");
            requireNonNull(types, "types is null");
            requireNonNull(data, "data is null");
            requireNonNull(old, "old is null");
        }
    }

    /** A data definition statement: Canal's {@code isDdl}. Canal names one table only; the text may name more. */
    record Definition(String database, String table, String sql) implements RowChange {
        public Definition {
            requireNonNull(database, "database is null");
            requireNonNull(table, "table is null");
            requireNonNull(sql, "sql is null");
        }
    }

    /** A data change logged as a statement, without row images. */
    record Statement(String database, String table, String sql) implements RowChange {
        public Statement {
            requireNonNull(database, "database is null");
            requireNonNull(table, "table is null");
            requireNonNull(sql, "sql is null");
        }
    }

    /** Rows of a table changed, and the message does not say which: the reason is for people. */
    record Unmappable(String database, String table, String reason) implements RowChange {
        public Unmappable {
            requireNonNull(database, "database is null");
            requireNonNull(table, "table is null");
            requireNonNull(reason, "reason is null");
        }
    }

    static RowChange insert(
            String database, String table, Map<String, String> types, Map<String, @Nullable String> data) {
        return new Row(database, table, Kind.INSERT, types, data, Map.of());
    }

    static RowChange update(
            String database,
            String table,
            Map<String, String> types,
            Map<String, @Nullable String> data,
            Map<String, @Nullable String> old) {
        return new Row(database, table, Kind.UPDATE, types, data, old);
    }

    static RowChange delete(
            String database, String table, Map<String, String> types, Map<String, @Nullable String> data) {
        return new Row(database, table, Kind.DELETE, types, data, Map.of());
    }
}
