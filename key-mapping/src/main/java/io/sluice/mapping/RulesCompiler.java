package io.sluice.mapping;

import io.sluice.config.ConfigDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the parts of a rules file against each other and compiles them. Used once. Single-threaded. */
final class RulesCompiler {
    private static final int VERSION = 1;
    private static final Pattern TABLE = Pattern.compile("([^.`\\s]+)\\.([^.`\\s]+)");

    private final ConfigDocument<RulesFile> document;
    private final GroupCompiler entries;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<TableName, List<KeyRule>> tables = new LinkedHashMap<>();

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
        for (int i = 0; i < invalidate.size(); i++) {
            table("invalidate[" + i + "]", invalidate.get(i));
        }
        Map<TableName, TableRules> compiled = new LinkedHashMap<>();
        tables.forEach((name, rules) -> compiled.put(name, new TableRules(rules)));
        return new Rules(sources, groups, compiled, warnings(compiled));
    }

    private void table(String path, RulesFile.Table entry) {
        Matcher name = TABLE.matcher(entry.table());
        if (!name.matches()) {
            throw document.error(path + ".table", "'" + entry.table() + "' is not a table: write database.table");
        }
        if (entry.keys().isEmpty()) {
            throw document.error(path + ".keys", "there is no key: add one, or remove the table");
        }
        List<KeyRule> rules =
                tables.computeIfAbsent(new TableName(name.group(1), name.group(2)), table -> new ArrayList<>());
        for (int i = 0; i < entry.keys().size(); i++) {
            rules.add(rule(path + ".keys[" + i + "]", entry.keys().get(i)));
        }
    }

    private KeyRule rule(String path, RulesFile.Key entry) {
        Group group = groups.get(entry.group());
        if (group == null) {
            throw entries.unknown(path + ".group", "group", entry.group(), groups.keySet());
        }
        KeyTemplate key = entries.parsed(path + ".key", entry.key(), KeyTemplate::parseTemplate);
        if (!key.fits(group.key())) {
            throw document.error(
                    path + ".key",
                    "'" + key + "' never gives a key of group " + group.name() + ", whose keys are '" + group.key()
                            + "': write the same literals around the columns");
        }
        Condition when = entry.when() == null
                ? new Condition.Always()
                : entries.parsed(path + ".when", entry.when(), Condition::parse);
        return new KeyRule(group.name(), key, when);
    }

    private List<String> warnings(Map<TableName, TableRules> compiled) {
        List<String> warnings = new ArrayList<>();
        Set<String> reached = new LinkedHashSet<>();
        compiled.forEach((table, rules) -> {
            reached.addAll(rules.groups());
            Set<String> from = new LinkedHashSet<>();
            rules.groups().stream().map(groups::get).map(Group::source).forEach(from::add);
            if (from.size() > 1) {
                warnings.add("table " + table + " reaches groups of several sources (" + String.join(", ", from)
                        + "): a position of one server means nothing to another; give each source its own tables");
            }
        });
        for (Group group : groups.values()) {
            Source source = sources.get(group.source());
            boolean invalidated = source != null && source.coherence() != Coherence.NONE;
            if (invalidated && group.load() != null && !reached.contains(group.name())) {
                warnings.add("group " + group.name() + " is loaded from " + group.source()
                        + " and no rule of invalidate reaches it: its values live until their ttl; add a rule");
            }
        }
        return warnings;
    }
}
