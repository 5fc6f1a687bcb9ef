package io.sluice.mapping;

import io.sluice.config.ConfigDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Turns cascades into rules of the parent table. A foreign key with ON DELETE or ON UPDATE changes rows that the binlog
 * does not show (before MySQL 9.6), so what they would have removed must follow from the parent's row: with the same
 * key where all its columns are known from the parent, with the whole group where they are not. Single-threaded.
 */
final class CascadeCompiler {
    private final ConfigDocument<RulesFile> document;
    private final List<RulesFile.Table> tables;
    private final List<TableIndex.Entry> own;

    CascadeCompiler(ConfigDocument<RulesFile> document, List<RulesFile.Table> tables, List<TableIndex.Entry> own) {
        this.document = document;
        this.tables = tables;
        this.own = own;
    }

    /** The rules that a table has because of its cascades, and of the cascades of these. */
    List<KeyRule> rulesOf(int table) {
        List<RulesFile.Cascade> cascades = cascades(table);
        List<KeyRule> rules = new ArrayList<>();
        for (int i = 0; i < cascades.size(); i++) {
            RulesFile.Cascade cascade = cascades.get(i);
            String path = TableCompiler.path(table) + ".cascades[" + i + "]";
            if (cascade.columns().isEmpty()) {
                throw document.error(path + ".columns", "names no column: write child_column: parent_column");
            }
            Condition when =
                    new Condition.Cascaded(List.copyOf(cascade.columns().values()));
            Set<Integer> visited = new LinkedHashSet<>(List.of(table));
            follow(path, cascade.table(), lower(cascade.columns()), when, visited, rules);
        }
        return rules;
    }

    private List<RulesFile.Cascade> cascades(int table) {
        List<RulesFile.Cascade> cascades = tables.get(table).cascades();
        return cascades == null ? List.of() : cascades;
    }

    private static Map<String, String> lower(Map<String, String> columns) {
        Map<String, String> lower = new HashMap<>();
        columns.forEach((child, parent) -> lower.put(child.toLowerCase(Locale.ROOT), parent));
        return lower;
    }

    /**
     * @param columns of the child in lower case, each with the parent's column that it equals
     * @param visited the tables on the way here, so that a circle ends
     */
    private void follow(
            String path,
            String childName,
            Map<String, String> columns,
            Condition when,
            Set<Integer> visited,
            List<KeyRule> rules) {
        TablePattern name = child(path, childName);
        TableName exact = name.exact();
        boolean found = false;
        for (int i = 0; i < own.size(); i++) {
            if (exact == null || !own.get(i).tables().matches(exact)) {
                continue;
            }
            found = true;
            boolean circle = visited.contains(i);
            // Of rows deeper down a circle, as in a tree of one table, no column is known.
            Map<String, String> known = circle ? Map.of() : columns;
            own.get(i).rules().forEach(rule -> rules.add(cascaded(path, rule, known, when)));
            if (circle) {
                continue;
            }
            Set<Integer> deeper = new LinkedHashSet<>(visited);
            deeper.add(i);
            for (RulesFile.Cascade next : cascades(i)) {
                follow(path, next.table(), through(lower(next.columns()), columns), when, deeper, rules);
            }
        }
        if (!found) {
            throw document.error(
                    path + ".table",
                    "no rule speaks of table '" + childName + "': add its rules, or remove the cascade");
        }
    }

    private TablePattern child(String path, String name) {
        try {
            TablePattern child = TablePattern.parse(name);
            if (child.exact() != null) {
                return child;
            }
        } catch (IllegalArgumentException e) {
            throw document.error(path + ".table", String.valueOf(e.getMessage()));
        }
        throw document.error(path + ".table", "names the one table of the foreign key: write database.table");
    }

    /** What is known of a grandchild's columns. */
    private static Map<String, String> through(Map<String, String> grandchild, Map<String, String> child) {
        Map<String, String> known = new HashMap<>();
        grandchild.forEach((column, of) -> {
            String parent = child.get(of.toLowerCase(Locale.ROOT));
            if (parent != null) {
                known.put(column, parent);
            }
        });
        return known;
    }

    private static KeyRule cascaded(String id, KeyRule rule, Map<String, String> columns, Condition when) {
        KeyTemplate key = rule.key() == null ? null : rule.key().renamed(columns);
        return new KeyRule(
                id,
                rule.group(),
                key == null ? KeyRule.Effect.GROUP : rule.effect(),
                key,
                when,
                rule.clearOnNull(),
                rule.again(),
                rule.canalZone(),
                null);
    }
}
