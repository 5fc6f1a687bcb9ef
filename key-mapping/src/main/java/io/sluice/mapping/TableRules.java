package io.sluice.mapping;

import java.util.List;
import java.util.Optional;

/** All rules of one table. Immutable. */
record TableRules(List<KeyRule> rules) {
    TableRules {
        rules = List.copyOf(rules);
    }

    /** The groups that any of the rules reaches, each once, in order. */
    List<String> groups() {
        return rules.stream().map(KeyRule::group).distinct().toList();
    }

    /** A column that some rule looks at and the row does not have. */
    Optional<String> columnMissingIn(RowImages row) {
        for (KeyRule rule : rules) {
            for (String column : rule.columns()) {
                if (!row.has(column)) {
                    return Optional.of(column);
                }
            }
        }
        return Optional.empty();
    }
}
