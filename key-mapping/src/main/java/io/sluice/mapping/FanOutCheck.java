package io.sluice.mapping;

import io.sluice.mapping.sql.QueryShape;
import io.sluice.mapping.sql.SqlTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds queries of rules that would miss keys. A query is asked after the change, so it sees relations as they are
 * then: one that came or went meanwhile must remove its keys by rules of its own table. Stateless.
 */
final class FanOutCheck {
    private FanOutCheck() {}

    static List<Finding> check(Rules rules) {
        List<Finding> findings = new ArrayList<>();
        for (FanOutRule rule : rules.fanOuts()) {
            check(rules, rule, findings);
        }
        return findings;
    }

    private static void check(Rules rules, FanOutRule rule, List<Finding> findings) {
        String place = rule.id() + ".query";
        LoadQuery query = rule.query().query();
        if (query.parameters().isEmpty()) {
            findings.add(Finding.warning(
                    "query-constant",
                    place,
                    "names no column of the changed row, so every change removes the same keys: compare something with"
                            + " :column, or write clear: true"));
        }
        Optional<QueryShape> shape =
                QueryShape.read(query.sql(), rule.query().source().database());
        if (shape.isEmpty()) {
            findings.add(Finding.warning(
                    "query-unread",
                    place,
                    "the query cannot be read here, so whether every table of it has a rule is not known: compare by"
                            + " hand"));
            return;
        }
        if (shape.get().isLimited()) {
            findings.add(Finding.warning(
                    "query-limited",
                    place,
                    "has a LIMIT: the keys beyond it keep old values. Take it away; too many rows clear the group by"
                            + " themselves"));
        }
        boolean single = shape.get().tables().size() == 1;
        shape.get().tables().stream()
                .sorted(Comparator.comparing(SqlTable::toString))
                .filter(table -> !table.database().isEmpty() && !reaches(rules, table, rule.group()))
                .forEach(table -> findings.add(uncovered(rule, table, single)));
    }

    private static boolean reaches(Rules rules, SqlTable table, String group) {
        return rules.tables().rules(table.database(), table.table()).groups().contains(group);
    }

    /** The key over the query's columns is over those of its one table, unless they have other names there. */
    private static Finding uncovered(FanOutRule rule, SqlTable table, boolean single) {
        return Finding.error(
                "uncovered",
                rule.id() + ".query",
                "reads table " + table + ", and no rule of that table reaches group " + rule.group()
                        + ": a relation that comes or goes would leave old values, and the query may not see it any more",
                "  - table: " + table + "\n    keys:\n      - { group: " + rule.group()
                        + (single ? ", key: \"" + rule.query().key() + "\" }" : ", clear: true }"));
    }
}
