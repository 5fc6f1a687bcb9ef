package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds rules that spell a key in another way than the group that is loaded by it: a row is removed under {@code ann},
 * and was asked for as {@code Ann}. Stateless.
 */
final class FunctionCheck {
    /** These change the spelling of a text; others, such as json(), may find the group's column in another one. */
    private static final Pattern SPELLING = Pattern.compile("(lower|upper|trim)\\(.*");

    private FunctionCheck() {}

    static List<Finding> check(Rules rules) {
        List<Finding> findings = new ArrayList<>();
        for (TableIndex.Entry entry : rules.tables().entries()) {
            for (KeyRule rule : entry.rules()) {
                Group group = rules.groups().get(rule.group());
                if (group != null
                        && group.load() != null
                        && rule.effect() == KeyRule.Effect.KEY
                        && rule.key() != null
                        && differs(rule.key(), group.key())) {
                    findings.add(Finding.warning(
                            "key-function",
                            rule.id() + ".key",
                            "'" + rule.key() + "' spells keys in another way than group " + group.name() + " does, '"
                                    + group.key() + "': use the same functions in both, or rows are removed under"
                                    + " keys that nobody asks for"));
                }
            }
        }
        return findings;
    }

    private static boolean differs(KeyTemplate rule, KeyTemplate group) {
        List<String> asked = group.formsLike(rule);
        List<String> removed = rule.formsLike(group);
        for (int i = 0; i < asked.size(); i++) {
            String own = removed.get(i);
            boolean same = own.equals(asked.get(i));
            if (!same
                    && (SPELLING.matcher(own).matches()
                            || SPELLING.matcher(asked.get(i)).matches())) {
                return true;
            }
        }
        return false;
    }
}
