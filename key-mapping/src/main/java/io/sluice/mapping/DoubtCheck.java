package io.sluice.mapping;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds what is legal and probably not meant. Stateless. */
final class DoubtCheck {
    private DoubtCheck() {}

    static List<Finding> check(Rules rules) {
        List<Finding> findings = new ArrayList<>();
        List<TableIndex.Entry> entries = rules.tables().entries();
        for (int i = 0; i < entries.size(); i++) {
            Set<String> from = new LinkedHashSet<>();
            for (KeyRule rule : entries.get(i).rules()) {
                Group group = rules.groups().get(rule.group());
                if (group != null) {
                    from.add(group.source());
                }
            }
            if (from.size() > 1) {
                findings.add(Finding.warning(
                        "doubtful",
                        TableCompiler.path(i) + ".table",
                        "table " + entries.get(i).tables() + " reaches groups of several sources ("
                                + String.join(", ", from)
                                + "): a position of one server means nothing to another; give each source its own"
                                + " tables"));
            }
        }
        Set<String> reached = rules.reachedGroups();
        rules.groups().values().stream()
                .filter(group -> !reached.contains(group.name()) && isInvalidated(rules, group))
                .forEach(group -> findings.add(Finding.warning(
                        "doubtful",
                        "groups." + group.name(),
                        "group " + group.name() + " is loaded from " + group.source()
                                + " and no rule of invalidate reaches it: its values live until their ttl; add a"
                                + " rule")));
        return findings;
    }

    private static boolean isInvalidated(Rules rules, Group group) {
        Source source = rules.sources().get(group.source());
        boolean loaded = group.load() != null || group.loader() != null;
        return loaded && source != null && source.coherence() != Coherence.NONE;
    }
}
