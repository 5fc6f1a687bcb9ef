package io.sluice.mapping;

import io.sluice.mapping.sql.QueryShape;
import io.sluice.mapping.sql.SqlTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds tables that a load reads and no rule covers: their changes would leave the group's values stale. The rule that
 * is missing is proposed, from what the query compares its parameters with. Stateless.
 */
final class CoverageCheck {
    private CoverageCheck() {}

    static List<Finding> check(Rules rules) {
        List<Finding> findings = new ArrayList<>();
        for (Group group : rules.groups().values()) {
            Source source = rules.sources().get(group.source());
            if (group.load() != null && source != null && source.coherence() != Coherence.NONE) {
                check(rules, group, group.load().sql(), "load", source, findings);
                if (group.batchLoad() != null) {
                    check(rules, group, group.batchLoad().sql(), "batch-load", source, findings);
                }
            }
        }
        return findings;
    }

    private static void check(
            Rules rules, Group group, String sql, String setting, Source source, List<Finding> findings) {
        String place = "groups." + group.name() + "." + setting;
        Optional<QueryShape> shape = QueryShape.read(sql, source.database());
        if (shape.isEmpty()) {
            findings.add(Finding.warning(
                    "load-unread",
                    place,
                    "the query cannot be read here, so whether every table of it has a rule is not known: compare by"
                            + " hand"));
            return;
        }
        shape.get().tables().stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .filter(table -> !table.database().isEmpty() && !reaches(rules, table, group))
                .forEach(table -> findings.add(Finding.error(
                        "uncovered",
                        place,
                        "reads table " + table + ", and no rule of that table reaches group " + group.name()
                                + ": its changes leave old values",
                        proposal(shape.get(), table, group))));
    }

    private static boolean reaches(Rules rules, SqlTable table, Group group) {
        return rules.tables().rules(table.database(), table.table()).groups().contains(group.name());
    }

    /** With the group's key over the table's own columns where the query tells them; else the whole group. */
    static String proposal(QueryShape shape, SqlTable table, Group group) {
        Map<String, String> columns = new HashMap<>();
        for (String parameter : group.key().columns()) {
            shape.columnOf(table, parameter)
                    .ifPresent(column -> columns.put(parameter.toLowerCase(Locale.ROOT), column));
        }
        String key = group.key().textOver(columns);
        return "  - table: " + table + "\n    keys:\n      - { group: " + group.name()
                + (key == null ? ", clear: true }" : ", key: \"" + key + "\" }");
    }
}
