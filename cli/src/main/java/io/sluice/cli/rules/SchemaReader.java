package io.sluice.cli.rules;

import io.sluice.mapping.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a server's tables and settings from its information schema. Used once. Single-threaded. */
final class SchemaReader {
    private static final int MAX_COLUMNS = 500_000;
    private static final String OURS = " NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')";
    private static final List<String> SETTINGS = List.of(
            "version",
            "log_bin",
            "binlog_format",
            "binlog_row_image",
            "binlog_row_value_options",
            "log_replica_updates",
            "log_slave_updates",
            "gtid_executed",
            "gtid_mode",
            "binlog_order_commits");

    /** A table on its way. */
    private static final class Draft {
        final String database;
        final String name;
        final boolean view;
        final List<Schema.Column> columns = new ArrayList<>();
        final Map<String, List<String>> keys = new LinkedHashMap<>();
        final Map<String, Key> foreignKeys = new LinkedHashMap<>();

        Draft(String database, String name, boolean view) {
            this.database = database;
            this.name = name;
            this.view = view;
        }

        Schema.Table table() {
            Map<String, List<String>> unique = new LinkedHashMap<>(keys);
            List<String> primary = unique.remove("PRIMARY");
            return new Schema.Table(
                    database,
                    name,
                    view,
                    columns,
                    primary == null ? List.of() : primary,
                    unique,
                    foreignKeys.values().stream().map(Key::foreignKey).toList());
        }
    }

    private record Key(
            String name,
            String parentDatabase,
            String parentTable,
            Map<String, String> columns,
            String onDelete,
            String onUpdate) {
        Schema.ForeignKey foreignKey() {
            return new Schema.ForeignKey(name, parentDatabase, parentTable, columns, onDelete, onUpdate);
        }
    }

    private final Connection connection;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    private SchemaReader(Connection connection) {
        this.connection = connection;
    }

    static Schema read(Connection connection) throws SQLException {
        SchemaReader reader = new SchemaReader(connection);
        reader.tables();
        reader.columns();
        reader.keys();
        reader.foreignKeys();
        return new Schema(reader.drafts.values().stream().map(Draft::table).toList(), reader.settings());
    }

    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private void query(String sql, Row each) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                each.read(rows);
            }
        }
    }

    private @Nullable Draft draft(ResultSet row) throws SQLException {
        return drafts.get(row.getString(1) + "." + row.getString(2));
    }

    private void tables() throws SQLException {
        query(
                "SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema" + OURS
                        + " ORDER BY table_schema, table_name",
                row -> drafts.put(
                        row.getString(1) + "." + row.getString(2),
                        new Draft(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3).contains("VIEW"))));
    }

    private void columns() throws SQLException {
        query(
                "SELECT table_schema, table_name, column_name, column_type, character_set_name"
                        + " FROM information_schema.columns WHERE table_schema" + OURS
                        + " ORDER BY table_schema, table_name, ordinal_position LIMIT " + MAX_COLUMNS,
                row -> {
                    Draft table = draft(row);
                    if (table != null) {
                        table.columns.add(new Schema.Column(row.getString(3), row.getString(4), row.getString(5)));
                    }
                });
    }

    private void keys() throws SQLException {
        query(
                "SELECT table_schema, table_name, index_name, column_name FROM information_schema.statistics"
                        + " WHERE non_unique = 0 AND column_name IS NOT NULL AND sub_part IS NULL AND table_schema"
                        + OURS + " ORDER BY table_schema, table_name, index_name, seq_in_index",
                row -> {
                    Draft table = draft(row);
                    if (table != null) {
                        table.keys
                                .computeIfAbsent(row.getString(3), name -> new ArrayList<>())
                                .add(row.getString(4));
                    }
                });
    }

    private void foreignKeys() throws SQLException {
        query(
                "SELECT k.table_schema, k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema,"
                        + " k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule"
                        + " FROM information_schema.key_column_usage k"
                        + " JOIN information_schema.referential_constraints r"
                        + " ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name"
                        + " AND r.table_name = k.table_name"
                        + " WHERE k.referenced_table_name IS NOT NULL AND k.table_schema" + OURS
                        + " ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position",
                row -> {
                    Draft table = draft(row);
                    if (table != null) {
                        Key key = table.foreignKeys.get(row.getString(3));
                        if (key == null) {
                            key = new Key(
                                    row.getString(3),
                                    row.getString(5),
                                    row.getString(6),
                                    new LinkedHashMap<>(),
                                    row.getString(8),
                                    row.getString(9));
                            table.foreignKeys.put(row.getString(3), key);
                        }
                        key.columns().put(row.getString(4), row.getString(7));
                    }
                });
    }

    private Map<String, String> settings() throws SQLException {
        Map<String, String> settings = new HashMap<>();
        for (String name : SETTINGS) {
            setting("VARIABLES", name, settings);
        }
        setting("STATUS", "Com_xa_prepare", settings);
        return settings;
    }

    private void setting(String kind, String name, Map<String, String> settings) throws SQLException {
        query("SHOW GLOBAL " + kind + " LIKE '" + name + "'", row -> {
            String value = row.getString(2);
            settings.put(row.getString(1).toLowerCase(Locale.ROOT), value == null ? "" : value);
        });
    }
}
