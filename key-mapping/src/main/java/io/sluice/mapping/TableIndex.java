package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the rules of a table. Immutable but for a bounded memory of what was found before; safe for use by many
 * threads.
 */
final class TableIndex {
    private static final int REMEMBERED = 10_000;
    private static final TableRules NONE = new TableRules(List.of());

    /** The rules of one entry of the file. */
    record Entry(TablePattern tables, List<KeyRule> rules) {
        Entry {
            requireNonNull(tables, "tables is null");
            rules = List.copyOf(rules);
        }
    }

    /** A table as a message spells it. */
    private record Spelling(String database, String table) {}

    private final List<Entry> entries;
    private final Map<Spelling, TableRules> found = new ConcurrentHashMap<>();

    TableIndex(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    List<Entry> entries() {
        return entries;
    }

    /** The rules with a query, in the order of the file. */
    List<FanOutRule> fanOuts() {
        List<FanOutRule> found = new ArrayList<>();
        for (Entry entry : entries) {
            for (KeyRule rule : entry.rules()) {
                KeyQuery query = rule.query();
                if (query != null) {
                    found.add(new FanOutRule(rule.id(), rule.group(), query));
                }
            }
        }
        return found;
    }

    /** The rules of all entries that match, in the order of the file; empty for most tables of a server. */
    TableRules rules(String database, String table) {
        Spelling spelling = new Spelling(database, table);
        TableRules known = found.get(spelling);
        if (known != null) {
            return known;
        }
        TableRules rules = search(new TableName(database, table));
        if (found.size() < REMEMBERED) {
            found.put(spelling, rules);
        }
        return rules;
    }

    private TableRules search(TableName name) {
        List<KeyRule> rules = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.tables().matches(name)) {
                rules.addAll(entry.rules());
            }
        }
        return rules.isEmpty() ? NONE : new TableRules(rules);
    }

    /** All groups that rules of tables of a database may reach; of any database when its name is empty. */
    Set<String> groupsInDatabase(String database) {
        Set<String> groups = new LinkedHashSet<>();
        for (Entry entry : entries) {
            TableName exact = entry.tables().exact();
            if (database.isEmpty() || exact == null || exact.database().equalsIgnoreCase(database)) {
                entry.rules().forEach(rule -> groups.add(rule.group()));
            }
        }
        return groups;
    }
}
