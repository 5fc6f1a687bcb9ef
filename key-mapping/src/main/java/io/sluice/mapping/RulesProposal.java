package io.sluice.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a first rules file for a database: a group for each primary key, unique key and foreign key, with the rules
 * that keep them coherent. A person then takes away what nobody asks for. Used once. Single-threaded.
 */
public final class RulesProposal {
    private final String database;
    private final List<Schema.Table> tables;
    private final StringBuilder groups = new StringBuilder();
    private final Map<String, List<String>> rules = new LinkedHashMap<>();
    private final Map<String, List<String>> cascades = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();

    private RulesProposal(String database, Schema schema) {
        this.database = database;
        this.tables = schema.tables().stream()
                .filter(table -> table.database().equalsIgnoreCase(database) && !table.view())
                .toList();
    }

    /** The text of a file. The password is left to the environment. */
    public static String of(String jdbcUrl, String username, String database, Schema schema) {
        return new RulesProposal(database, schema).write(jdbcUrl, username);
    }

    private String write(String jdbcUrl, String username) {
        tables.forEach(this::table);
        tables.forEach(this::cascades);
        StringBuilder file = new StringBuilder("version: 1\nsources:\n  " + name(database) + ":\n    jdbc-url: "
                + quoted(jdbcUrl) + "\n    username: " + quoted(username)
                + "\n    password: \"${SLUICE_DB_PASSWORD}\"\n    coherence: gtid\ngroups:\n");
        file.append(groups);
        file.append("invalidate:\n");
        for (Schema.Table table : tables) {
            String name = database + "." + table.name();
            boolean any = rules.containsKey(name) || cascades.containsKey(name);
            if (any) {
                file.append("  - table: ").append(quoted(name)).append('\n');
                append(file, "keys", rules.getOrDefault(name, List.of()));
                append(file, "cascades", cascades.getOrDefault(name, List.of()));
            }
        }
        left.forEach(line -> file.append("# Left out: ").append(line).append('\n'));
        return file.toString();
    }

    private static void append(StringBuilder file, String what, List<String> lines) {
        if (!lines.isEmpty()) {
            file.append("    ").append(what).append(":\n");
            lines.forEach(line -> file.append("      - ").append(line).append('\n'));
        }
    }

    private void table(Schema.Table table) {
        if (table.primaryKey().isEmpty()) {
            left.add("table " + table.name() + " has no primary key");
        } else {
            group(table, name(table.name()), table.primaryKey(), false);
        }
        table.uniqueKeys().values().forEach(columns -> group(table, by(table, columns), columns, false));
        for (Schema.ForeignKey key : table.foreignKeys()) {
            List<String> columns = List.copyOf(key.columns().keySet());
            boolean known =
                    columns.equals(table.primaryKey()) || table.uniqueKeys().containsValue(columns);
            if (!known) {
                group(table, by(table, columns), columns, true);
            }
        }
    }

    private static String by(Schema.Table table, List<String> columns) {
        return name(table.name() + "-by-" + String.join("-", columns));
    }

    private void group(Schema.Table table, String group, List<String> key, boolean many) {
        List<Schema.Column> columns =
                key.stream().flatMap(name -> table.column(name).stream()).toList();
        for (Schema.Column column : columns) {
            String problem = ColumnCheck.KeySafety.of(column, false).problem();
            if (problem == null && !column.name().matches("[\\p{L}_$][\\p{L}\\p{N}_$]*")) {
                problem = "cannot be the name of a parameter";
            }
            if (problem != null || columns.size() != key.size()) {
                left.add("group " + group + ": column " + column.name() + " " + problem);
                return;
            }
        }
        List<String> rulesOfTable = rules.computeIfAbsent(database + "." + table.name(), name -> new ArrayList<>());
        String template =
                columns.stream().map(column -> "{" + column.name() + "}").collect(Collectors.joining(":"));
        String rule = "{ group: " + group + ", key: " + quoted(template) + " }";
        if (rulesOfTable.contains(rule)) {
            return;
        }
        rulesOfTable.add(rule);
        groups.append("  ")
                .append(group)
                .append(":\n    source: ")
                .append(name(database))
                .append("\n    key: ")
                .append(quoted(template))
                .append("\n    load: ")
                .append(quoted(load(table, columns)))
                .append('\n');
        if (many) {
            groups.append("    rows: many\n");
        }
    }

    private static String load(Schema.Table table, List<Schema.Column> key) {
        String selected = table.columns().stream()
                .map(column -> identifier(column.name()))
                .collect(Collectors.joining(", "));
        String condition = key.stream()
                .map(column -> identifier(column.name()) + " = " + parameter(column))
                .collect(Collectors.joining(" AND "));
        return "SELECT " + selected + " FROM " + identifier(table.name()) + " WHERE " + condition;
    }

    /** How a load compares a column with the text of a key. */
    private static String parameter(Schema.Column column) {
        return switch (ColumnType.parse(column.type()).kind()) {
            case BINARY -> "UNHEX(:" + column.name() + ")";
            case BIT -> "CAST(:" + column.name() + " AS UNSIGNED)";
            default -> ":" + column.name();
        };
    }

    private void cascades(Schema.Table child) {
        for (Schema.ForeignKey key : child.foreignKeys()) {
            if (key.changesRows() && rules.containsKey(database + "." + child.name())) {
                String columns = key.columns().entrySet().stream()
                        .map(pair -> quoted(pair.getKey()) + ": " + quoted(pair.getValue()))
                        .collect(Collectors.joining(", "));
                cascades.computeIfAbsent(key.parentDatabase() + "." + key.parentTable(), name -> new ArrayList<>())
                        .add("{ table: " + quoted(database + "." + child.name()) + ", columns: { " + columns + " } }");
            }
        }
    }

    private static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static String name(String text) {
        String safe = text.toLowerCase(Locale.ROOT).replace('_', '-').replaceAll("[^a-z0-9.-]", "-");
        return safe.startsWith("-") ? "t" + safe : safe;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
