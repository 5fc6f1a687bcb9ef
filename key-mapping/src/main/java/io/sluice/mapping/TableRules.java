package io.sluice.mapping;

import java.util.List;
import java.util.Optional;

/** All rules of one table. Immutable. */
record TableRules(List<KeyRule> rules, List<String> columns) {
    TableRules(List<KeyRule> rules) {
        this(
                List.copyOf(rules),
                rules.stream()
                        .flatMap(rule -> rule.columns().stream())
                        .distinct()
                        .toList());
    }

    /** The groups that any of the rules reaches, each once, in order. */
    List<String> groups() {
        return rules.stream().map(KeyRule::group).distinct().toList();
    }

    /** A column that some rule looks at and the row does not have. */
    Optional<String> columnMissingIn(RowImages row) {
        for (String column : columns) {
            if (!row.has(column)) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }
}
