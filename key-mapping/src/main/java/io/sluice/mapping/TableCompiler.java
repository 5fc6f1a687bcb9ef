package io.sluice.mapping;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.sluice.config.ConfigDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checks and compiles the entries of {@code invalidate}. Used once. Single-threaded. */
final class TableCompiler {
    private static final Duration LONGEST_AGAIN = Duration.ofMinutes(1);

    private final ConfigDocument<RulesFile> document;
    private final GroupCompiler entries;
    private final Map<String, Source> sources;
    private final Map<String, Group> groups;
    private final List<RulesFile.Table> tables;

    TableCompiler(
            ConfigDocument<RulesFile> document,
            GroupCompiler entries,
            Map<String, Source> sources,
            Map<String, Group> groups,
            List<RulesFile.Table> tables) {
        this.document = document;
        this.entries = entries;
        this.sources = sources;
        this.groups = groups;
        this.tables = tables;
    }

    List<TableIndex.Entry> compile() {
        List<TableIndex.Entry> own = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            own.add(table(path(i), tables.get(i)));
        }
        CascadeCompiler cascades = new CascadeCompiler(document, tables, own);
        List<TableIndex.Entry> all = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            List<KeyRule> cascaded = cascades.rulesOf(i);
            TableIndex.Entry entry = own.get(i);
            all.add(new TableIndex.Entry(
                    entry.tables(),
                    Stream.concat(entry.rules().stream(), cascaded.stream()).toList()));
        }
        return all;
    }

    static String path(int table) {
        return "invalidate[" + table + "]";
    }

    private TableIndex.Entry table(String path, RulesFile.Table entry) {
        TablePattern pattern = entries.parsed(path + ".table", entry.table(), TablePattern::parse);
        List<RulesFile.Key> keys = entry.keys() == null ? List.of() : entry.keys();
        if (keys.isEmpty() && entry.cascades() == null) {
            throw document.error(
                    entry.keys() == null ? path : path + ".keys", "there is no key: add one, or remove the table");
        }
        List<KeyRule> rules = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            rules.add(rule(path + ".keys[" + i + "]", keys.get(i)));
        }
        return new TableIndex.Entry(pattern, rules);
    }

    private KeyRule rule(String path, RulesFile.Key entry) {
        Group group = groups.get(entry.group());
        if (group == null) {
            throw entries.unknown(path + ".group", "group", entry.group(), groups.keySet());
        }
        Condition when = entry.when() == null
                ? new Condition.Always()
                : entries.parsed(path + ".when", entry.when(), Condition::parse);
        KeyRule.Effect effect = effect(path, entry);
        Source source = requireNonNull(sources.get(group.source()));
        return new KeyRule(
                path,
                group.name(),
                effect,
                switch (effect) {
                    case KEY -> key(path + ".key", requireNonNull(entry.key()), group);
                    case TAG -> tag(path + ".tag", requireNonNull(entry.tag()), group);
                    case GROUP, QUERY -> null;
                },
                when,
                entry.nullKey() == RulesFile.NullKey.CLEAR,
                again(path, entry),
                source.canalTimeZone(),
                effect == KeyRule.Effect.QUERY ? query(path, entry, group, source) : null);
    }

    private Duration again(String path, RulesFile.Key entry) {
        Duration again = requireNonNullElse(entry.againAfter(), Duration.ZERO);
        if (again.compareTo(LONGEST_AGAIN) > 0) {
            throw document.error(
                    path + ".again-after",
                    "is over " + LONGEST_AGAIN.toSeconds() + "s, and what waits is lost in a crash: use a shorter one");
        }
        return again;
    }

    private KeyQuery query(String path, RulesFile.Key entry, Group group, Source source) {
        if (source.coherence() != Coherence.GTID) {
            throw document.error(
                    path + ".query",
                    "needs a source with coherence: gtid, since without positions nobody knows when the query can see"
                            + " the change: write clear: true instead");
        }
        LoadQuery query = entries.parsed(
                path + ".query", requireNonNull(entry.query()), text -> new LoadQueryParser(text).parse());
        return new KeyQuery(
                source,
                query,
                key(path + ".key", requireNonNull(entry.key()), group),
                entry.nullKey() == RulesFile.NullKey.CLEAR);
    }

    private KeyRule.Effect effect(String path, RulesFile.Key entry) {
        boolean clear = Boolean.TRUE.equals(entry.clear());
        long effects = Stream.of(entry.key() != null, entry.tag() != null, clear)
                .filter(is -> is)
                .count();
        if (effects != 1) {
            throw document.error(
                    path,
                    effects == 0
                            ? "says nothing to forget: add key, tag, or clear: true"
                            : "has more than one of key, tag and clear: make each a rule of its own");
        }
        if (entry.query() != null && entry.key() == null) {
            throw document.error(path + ".query", "finds keys: write key, over the columns that it returns");
        }
        if (clear) {
            return KeyRule.Effect.GROUP;
        }
        if (entry.query() != null) {
            return KeyRule.Effect.QUERY;
        }
        return entry.key() == null ? KeyRule.Effect.TAG : KeyRule.Effect.KEY;
    }

    private KeyTemplate key(String path, String text, Group group) {
        KeyTemplate key = entries.parsed(path, text, KeyTemplate::parseTemplate);
        if (!key.fits(group.key())) {
            throw document.error(
                    path,
                    "'" + key + "' never gives a key of group " + group.name() + ", whose keys are '" + group.key()
                            + "': write the same literals around the columns");
        }
        return key;
    }

    private KeyTemplate tag(String path, String text, Group group) {
        KeyTemplate tag = entries.parsed(path, text, KeyTemplate::parseTemplate);
        if (group.tags().stream().noneMatch(tag::mayMeet)) {
            throw document.error(
                    path,
                    "'" + tag + "' never gives a tag of group " + group.name()
                            + (group.tags().isEmpty()
                                    ? ", which declares no tags: add tags to the group"
                                    : ", whose tags are " + group.tags() + ": write the same literals"));
        }
        return tag;
    }
}
