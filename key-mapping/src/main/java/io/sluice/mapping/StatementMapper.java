package io.sluice.mapping;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * From what is not a row to the tables it may have touched. Immutable.
 *
 * <p>Canal names one table of a statement, and of a RENAME the new one. So the named table is taken alone only where
 * the statement can have no other; else all of the database counts. Besides, a table counts when its name is anywhere
 * in the text, whichever database it is in: that finds too many, never too few.
 */
final class StatementMapper {
    private final TableIndex tables;

    StatementMapper(TableIndex tables) {
        this.tables = tables;
    }

    void map(RowChange.Definition change, Invalidations result) {
        String sql = change.sql().toLowerCase(Locale.ROOT);
        Set<String> groups = inText(sql);
        Set<String> named =
                Set.copyOf(tables.rules(change.database(), change.table()).groups());
        groups.addAll(!named.isEmpty() && onlyOneTable(sql) ? named : tables.groupsInDatabase(change.database()));
        remove(groups, Cause.DEFINITION, "a data definition statement (DDL) may have touched " + name(change), result);
    }

    void map(RowChange.Statement change, Invalidations result) {
        Set<String> groups = inText(change.sql().toLowerCase(Locale.ROOT));
        groups.addAll(named(change));
        remove(
                groups,
                Cause.STATEMENT,
                "a statement logged without row images (binlog_format is not ROW) may have changed " + name(change),
                result);
    }

    void map(RowChange.Unmappable change, Invalidations result) {
        remove(named(change), Cause.UNMAPPABLE, change.reason() + ", in " + name(change), result);
    }

    private static String name(RowChange change) {
        return new TableName(change.database(), change.table()).toString();
    }

    private Set<String> named(RowChange change) {
        return change.table().isEmpty() || change.database().isEmpty()
                ? tables.groupsInDatabase(change.database())
                : new LinkedHashSet<>(
                        tables.rules(change.database(), change.table()).groups());
    }

    private Set<String> inText(String sql) {
        Set<String> found = new LinkedHashSet<>();
        for (TableIndex.Entry entry : tables.entries()) {
            TableName exact = entry.tables().exact();
            if (exact == null || sql.contains(exact.table())) {
                entry.rules().forEach(rule -> found.add(rule.group()));
            }
        }
        return found;
    }

    private static boolean onlyOneTable(String sql) {
        boolean list = sql.contains("drop") && sql.contains(",");
        return !sql.isBlank() && !list && !sql.contains("rename") && !sql.contains("exchange");
    }

    private static void remove(Set<String> groups, Cause cause, String reason, Invalidations result) {
        groups.forEach(group -> result.addGroup(group, cause, reason));
    }
}
