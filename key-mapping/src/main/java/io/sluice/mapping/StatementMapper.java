package io.sluice.mapping;

import io.sluice.mapping.sql.QueryShape;
import io.sluice.mapping.sql.SqlTable;
import io.sluice.mapping.sql.StatementReader;
import io.sluice.mapping.sql.Touched;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * From what is not a row to the groups it may have made stale: those that a rule of a touched table reaches, and those
 * whose load reads one. Immutable.
 *
 * <p>Canal names one table of a statement, and of a RENAME the new one, so the text decides; the table that Canal names
 * counts as well. A text that cannot be read may have touched everything of its source.
 */
final class StatementMapper {
    private final TableIndex tables;
    private final Map<String, Group> groups;
    private final Map<String, Source> sources;
    /** Group to the tables that its loads and queries of its rules read, as far as these can be read. */
    private final Map<String, Set<TableName>> reads = new HashMap<>();

    StatementMapper(TableIndex tables, Map<String, Source> sources, Map<String, Group> groups) {
        this.tables = tables;
        this.sources = Map.copyOf(sources);
        this.groups = new LinkedHashMap<>(groups);
        for (Group group : groups.values()) {
            Source source = sources.get(group.source());
            if (group.load() != null && source != null) {
                for (String sql : group.queries()) {
                    QueryShape.read(sql, source.database())
                            .ifPresent(shape -> reads.computeIfAbsent(group.name(), name -> new LinkedHashSet<>())
                                    .addAll(names(shape.tables())));
                }
            }
        }
        tables.fanOuts()
                .forEach(rule -> QueryShape.read(
                                rule.query().query().sql(),
                                rule.query().source().database())
                        .ifPresent(shape -> reads.computeIfAbsent(rule.group(), added -> new LinkedHashSet<>())
                                .addAll(names(shape.tables()))));
    }

    void map(RowChange.Definition change, Invalidations result) {
        map(change, change.sql(), Cause.DEFINITION, "a data definition statement (DDL) touched ", result);
    }

    void map(RowChange.Statement change, Invalidations result) {
        map(
                change,
                change.sql(),
                Cause.STATEMENT,
                "a statement logged without row images (binlog_format is not ROW) changed ",
                result);
    }

    void map(RowChange.Unmappable change, Invalidations result) {
        TableName name = new TableName(change.database(), change.table());
        Set<String> touched = change.table().isEmpty() || change.database().isEmpty()
                ? ofDatabase(change.database())
                : reachedFrom(Set.of(name));
        remove(touched, Cause.UNMAPPABLE, change.reason() + ", in " + name, result);
    }

    private void map(RowChange change, String sql, Cause cause, String reason, Invalidations result) {
        switch (StatementReader.read(sql, change.database())) {
            case Touched.Nothing() -> {}
            case Touched.Database(String name) -> remove(ofDatabase(name), cause, reason + "database " + name, result);
            case Touched.Tables(Set<SqlTable> touched) -> {
                Set<TableName> all = names(touched);
                if (!change.table().isEmpty()) {
                    all.add(new TableName(change.database(), change.table()));
                }
                for (TableName table : all) {
                    remove(reachedFrom(Set.of(table)), cause, reason + table, result);
                }
            }
            case Touched.Unreadable() ->
                remove(
                        ofSource(change.database()),
                        Cause.UNREADABLE_STATEMENT,
                        "a statement that cannot be read may have touched anything of its source",
                        result);
        }
    }

    private static Set<TableName> names(Collection<SqlTable> tables) {
        Set<TableName> names = new LinkedHashSet<>();
        tables.forEach(table -> names.add(new TableName(table.database(), table.table())));
        return names;
    }

    private Set<String> reachedFrom(Set<TableName> touched) {
        Set<String> reached = new LinkedHashSet<>();
        for (TableName table : touched) {
            reached.addAll(tables.rules(table.database(), table.table()).groups());
            reads.forEach((group, read) -> {
                if (read.contains(table)) {
                    reached.add(group);
                }
            });
        }
        return reached;
    }

    private Set<String> ofDatabase(String database) {
        Set<String> found = tables.groupsInDatabase(database);
        reads.forEach((group, read) -> {
            if (read.stream()
                    .anyMatch(table -> database.isEmpty() || table.database().equalsIgnoreCase(database))) {
                found.add(group);
            }
        });
        return found;
    }

    /** All groups of the sources that a database is of; of all sources where that is not known. */
    private Set<String> ofSource(String database) {
        Set<String> related = new LinkedHashSet<>();
        if (!database.isEmpty()) {
            ofDatabase(database).forEach(name -> {
                Group group = groups.get(name);
                if (group != null) {
                    related.add(group.source());
                }
            });
            sources.values().stream()
                    .filter(source -> source.database().equalsIgnoreCase(database))
                    .forEach(source -> related.add(source.name()));
        }
        Set<String> all = new LinkedHashSet<>();
        for (Group group : groups.values()) {
            if (related.isEmpty() || related.contains(group.source())) {
                all.add(group.name());
            }
        }
        return all;
    }

    private static void remove(Set<String> groups, Cause cause, String reason, Invalidations result) {
        groups.forEach(group -> result.addGroup(group, cause, reason));
    }
}
