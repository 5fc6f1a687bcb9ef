package io.sluice.mapping;

import io.sluice.mapping.sql.QueryShape;
import io.sluice.mapping.sql.SqlTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds privileges that the users of Canal, of the loads and of the heartbeat lack. Stateless. */
public final class PrivilegeCheck {
    private PrivilegeCheck() {}

    /** Canal follows the binlog, and reads the columns of every table that it sees a row of. */
    public static List<Finding> canal(Rules rules, Source source, Schema schema, String user, Grants grants) {
        List<Finding> findings = new ArrayList<>();
        for (String privilege : List.of("REPLICATION SLAVE", "REPLICATION CLIENT")) {
            wants(findings, source, user, grants, privilege, "*", "*", "Canal cannot follow the binlog");
        }
        for (TableIndex.Entry entry : rules.tables().entries()) {
            for (Schema.Table table : schema.tables()) {
                if (entry.tables().matches(table.tableName()) && isOfSource(rules, entry, source)) {
                    String why = "Canal cannot read the columns of its rows, and the stream stops at the first";
                    wants(findings, source, user, grants, "SELECT", table.database(), table.name(), why);
                }
            }
        }
        return findings.stream().distinct().toList();
    }

    private static boolean isOfSource(Rules rules, TableIndex.Entry entry, Source source) {
        return entry.rules().stream()
                .map(rule -> rules.groups().get(rule.group()))
                .anyMatch(group -> group != null && group.source().equals(source.name()));
    }

    /** The user of the loads reads what they read. */
    public static List<Finding> loads(Rules rules, Source source, Grants grants) {
        List<Finding> findings = new ArrayList<>();
        for (Group group : rules.groups().values()) {
            if (group.load() == null || !group.source().equals(source.name())) {
                continue;
            }
            Set<SqlTable> tables = QueryShape.read(group.load().sql(), source.database())
                    .map(QueryShape::tables)
                    .orElse(new LinkedHashSet<>());
            for (SqlTable table : tables) {
                String why = "group " + group.name() + " cannot be loaded";
                wants(findings, source, source.username(), grants, "SELECT", table.database(), table.table(), why);
            }
        }
        return findings;
    }

    /** The user of the sync service writes its heartbeat. */
    public static List<Finding> heartbeat(Source source, String user, Grants grants, String database, String table) {
        List<Finding> findings = new ArrayList<>();
        for (String privilege : List.of("SELECT", "INSERT", "UPDATE")) {
            wants(
                    findings,
                    source,
                    user,
                    grants,
                    privilege,
                    database,
                    table,
                    "no ring becomes active without heartbeats");
        }
        return findings;
    }

    /** Says that nobody was allowed to look. */
    public static Finding unknown(Source source, String user, String reason) {
        return Finding.warning(
                "privileges-unread",
                "sources." + source.name(),
                "the privileges of " + user + " could not be read (" + reason
                        + "): check as a user with SELECT on mysql.*," + " or compare SHOW GRANTS FOR " + user
                        + " by hand");
    }

    private static void wants(
            List<Finding> findings,
            Source source,
            String user,
            Grants grants,
            String privilege,
            String database,
            String table,
            String why) {
        if (!grants.allow(privilege, database, table)) {
            String on = database.equals("*") ? "*.*" : quoted(database) + "." + quoted(table);
            findings.add(Finding.error(
                    "privilege",
                    "sources." + source.name(),
                    "user " + user + " lacks " + privilege + " on " + on + ": " + why,
                    "GRANT " + privilege + " ON " + on + " TO " + account(user)));
        }
    }

    private static String account(String user) {
        int at = user.lastIndexOf('@');
        return at < 0 ? "'" + user + "'@'%'" : "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'";
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
