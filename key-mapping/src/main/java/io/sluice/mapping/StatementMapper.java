package io.sluice.mapping;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * From what is not a row to the tables it may have touched. Immutable.
 *
 * <p>Canal names one table of a statement, and of a RENAME the new one. So the named table is taken alone only where
 * the statement can have no other; else all of the database counts. Besides, a table counts when its name is anywhere
 * in the text, whichever database it is in: that finds too many, never too few.
 */
final class StatementMapper {
    private final Map<TableName, TableRules> tables;

    StatementMapper(Map<TableName, TableRules> tables) {
        this.tables = tables;
    }

    void map(RowChange.Definition change, Invalidations result) {
        TableName named = new TableName(change.database(), change.table());
        String sql = change.sql().toLowerCase(Locale.ROOT);
        Set<TableName> touched = inText(sql);
        if (tables.containsKey(named) && onlyOneTable(sql)) {
            touched.add(named);
        } else {
            touched.addAll(inDatabase(named.database()));
        }
        remove(touched, "a data definition statement (DDL) may have touched ", result);
    }

    void map(RowChange.Statement change, Invalidations result) {
        Set<TableName> touched = inText(change.sql().toLowerCase(Locale.ROOT));
        touched.addAll(named(change));
        remove(touched, "a statement logged without row images (binlog_format is not ROW) may have changed ", result);
    }

    void map(RowChange.Unmappable change, Invalidations result) {
        remove(named(change), change.reason() + ", in ", result);
    }

    private Set<TableName> named(RowChange change) {
        TableName named = new TableName(change.database(), change.table());
        return named.table().isEmpty() || named.database().isEmpty() ? inDatabase(named.database()) : Set.of(named);
    }

    private Set<TableName> inText(String sql) {
        Set<TableName> found = new LinkedHashSet<>();
        for (TableName table : tables.keySet()) {
            if (sql.contains(table.table())) {
                found.add(table);
            }
        }
        return found;
    }

    /** All tables of a database; of any, when it is not known. */
    private Set<TableName> inDatabase(String database) {
        Set<TableName> found = new LinkedHashSet<>(tables.keySet());
        found.removeIf(table -> !database.isEmpty() && !table.database().equals(database));
        return found;
    }

    private static boolean onlyOneTable(String sql) {
        boolean list = sql.contains("drop") && sql.contains(",");
        return !sql.isBlank() && !list && !sql.contains("rename") && !sql.contains("exchange");
    }

    private void remove(Set<TableName> touched, String reason, Invalidations result) {
        for (TableName table : touched) {
            TableRules rules = tables.get(table);
            if (rules != null) {
                rules.groups().forEach(group -> result.addGroup(group, reason + table));
            }
        }
    }
}
