package io.sluice.mapping;

import io.sluice.config.ConfigDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the parts of a rules file against each other and compiles them. Used once. Single-threaded. */
final class RulesCompiler {
    private static final int VERSION = 1;

    private final ConfigDocument<RulesFile> document;
    private final GroupCompiler entries;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();

    RulesCompiler(ConfigDocument<RulesFile> document) {
        this.document = document;
        this.entries = new GroupCompiler(document);
    }

    Rules compile() {
        RulesFile file = document.value();
        if (file.version() != VERSION) {
            throw document.error("version", file.version() + " is not known: this Sluice reads version " + VERSION);
        }
        if (file.groups().isEmpty()) {
            throw document.error("groups", "there is no group: add one");
        }
        file.sources().forEach((name, entry) -> sources.put(name, entries.source(name, entry)));
        file.groups().forEach((name, entry) -> groups.put(name, entries.group(name, entry, sources.keySet())));
        List<RulesFile.Table> invalidate = file.invalidate() == null ? List.of() : file.invalidate();
        List<TableIndex.Entry> tables = new TableCompiler(document, entries, sources, groups, invalidate).compile();
        return new Rules(sources, groups, new TableIndex(tables), warnings(tables));
    }

    private List<String> warnings(List<TableIndex.Entry> tables) {
        List<String> warnings = new ArrayList<>();
        Set<String> reached = new LinkedHashSet<>();
        for (TableIndex.Entry table : tables) {
            Set<String> from = new LinkedHashSet<>();
            for (KeyRule rule : table.rules()) {
                reached.add(rule.group());
                Group group = groups.get(rule.group());
                if (group != null) {
                    from.add(group.source());
                }
                if (rule.effect() == KeyRule.Effect.TAG) {
                    warnings.add(
                            "rule " + rule.id() + " removes by tag, and nodes do not keep tags yet: it clears group "
                                    + rule.group() + " instead");
                }
            }
            if (from.size() > 1) {
                warnings.add("table " + table.tables() + " reaches groups of several sources ("
                        + String.join(", ", from)
                        + "): a position of one server means nothing to another; give each source its own tables");
            }
        }
        for (Group group : groups.values()) {
            Source source = sources.get(group.source());
            boolean invalidated = source != null && source.coherence() != Coherence.NONE;
            boolean loaded = group.load() != null || group.loader() != null;
            if (invalidated && loaded && !reached.contains(group.name())) {
                warnings.add("group " + group.name() + " is loaded from " + group.source()
                        + " and no rule of invalidate reaches it: its values live until their ttl; add a rule");
            }
        }
        return warnings;
    }
}
