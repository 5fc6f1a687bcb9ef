package io.sluice.mapping;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds foreign keys that change rows behind the binlog's back, and no cascade in the rules that follows. Stateless.
 */
final class CascadeCheck {
    private CascadeCheck() {}

    static List<Finding> check(Rules rules, Schema schema) {
        List<Finding> findings = new ArrayList<>();
        if (logsCascades(schema.setting("version"))) {
            return findings;
        }
        for (Schema.Table child : schema.tables()) {
            Set<String> wanted = groups(rules, child.database(), child.name(), false);
            for (Schema.ForeignKey key : child.foreignKeys()) {
                Set<String> missing = new LinkedHashSet<>(wanted);
                missing.removeAll(groups(rules, key.parentDatabase(), key.parentTable(), true));
                if (key.changesRows() && !missing.isEmpty()) {
                    findings.add(finding(child, key, missing));
                }
            }
        }
        return findings;
    }

    /** MySQL 9.6 moved foreign keys out of the storage engine, and logs what they change. */
    private static boolean logsCascades(String version) {
        String[] parts = version.split("[.-]", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        int major = Integer.parseInt(parts[0]);
        return major > 9 || (major == 9 && Integer.parseInt(parts[1]) >= 6);
    }

    private static Set<String> groups(Rules rules, String database, String table, boolean onDelete) {
        Set<String> groups = new LinkedHashSet<>();
        for (KeyRule rule : rules.tables().rules(database, table).rules()) {
            boolean clears = rule.effect() == KeyRule.Effect.GROUP && rule.when() instanceof Condition.Always;
            if (!onDelete || rule.when() instanceof Condition.Cascaded || clears) {
                groups.add(rule.group());
            }
        }
        return groups;
    }

    private static Finding finding(Schema.Table child, Schema.ForeignKey key, Set<String> missing) {
        List<String> columns = new ArrayList<>();
        key.columns().forEach((own, parent) -> columns.add(own + ": " + parent));
        String parent = key.parentDatabase() + "." + key.parentTable();
        return Finding.error(
                "cascade",
                parent,
                "foreign key " + key.name() + " changes rows of " + child.database() + "." + child.name()
                        + " with their parent (ON DELETE " + key.onDelete() + ", ON UPDATE " + key.onUpdate()
                        + "), and the binlog does not show it: groups " + String.join(", ", missing)
                        + " would keep old values",
                "  - table: " + parent + "\n    cascades:\n      - { table: " + child.database() + "." + child.name()
                        + ", columns: { " + String.join(", ", columns) + " } }");
    }
}
