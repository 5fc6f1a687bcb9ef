package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Finds rules that add nothing, since one before them always asks for the same. Stateless. */
final class RuleOrderCheck {
    private RuleOrderCheck() {}

    static List<Finding> check(Rules rules) {
        List<Finding> findings = new ArrayList<>();
        for (TableIndex.Entry entry : rules.tables().entries()) {
            List<KeyRule> own = entry.rules();
            for (int i = 0; i < own.size(); i++) {
                KeyRule rule = own.get(i);
                if (rule.when() instanceof Condition.Cascaded) {
                    continue;
                }
                own.subList(0, i).stream()
                        .filter(before -> covers(before, rule))
                        .findFirst()
                        .ifPresent(before -> findings.add(Finding.warning(
                                "unreachable",
                                rule.id(),
                                "adds nothing: " + before.id() + " always removes the same; take one away, or give "
                                        + before.id() + " a condition")));
            }
        }
        return findings;
    }

    private static boolean covers(KeyRule before, KeyRule rule) {
        boolean same = before.effect() == KeyRule.Effect.GROUP
                || (before.effect() == rule.effect()
                        && Objects.equals(before.key(), rule.key())
                        && Objects.equals(before.query(), rule.query()));
        boolean always =
                before.when() instanceof Condition.Always || before.when().equals(rule.when());
        boolean more = rule.again().compareTo(before.again()) > 0 || (rule.clearOnNull() && !before.clearOnNull());
        return before.group().equals(rule.group()) && same && always && !more;
    }
}
