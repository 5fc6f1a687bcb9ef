package io.sluice.cli.rules;

import io.sluice.mapping.Finding;
import io.sluice.mapping.Grants;
import io.sluice.mapping.PrivilegeCheck;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Schema;
import io.sluice.mapping.Source;
import io.sluice.sync.heartbeat.HeartbeatTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The users whose privileges are to be checked, and the check. Used by one thread. */
final class UserOptions {
    private static final Pattern PART = Pattern.compile("[^'\\\\`\"\\x00]{1,255}");

    @Option(
            names = "--canal-user",
            paramLabel = "NAME[@HOST]",
            defaultValue = "",
            description = "Check that Canal's user may follow the binlog and read the tables; HOST is %% by default")
    private String canal = "";

    @Option(
            names = "--sync-user",
            paramLabel = "NAME[@HOST]",
            defaultValue = "",
            description = "Check that the sync service's user may write its heartbeat")
    private String sync = "";

    @Option(
            names = "--heartbeat-table",
            paramLabel = "DATABASE.TABLE",
            defaultValue = "sluice.heartbeat",
            description = "The table of the heartbeat; default ${DEFAULT-VALUE}")
    private String heartbeat = "sluice.heartbeat";

    /**
     * Checks the users that were named, and the source's own where another one is connected. Where the connected one is
     * the source's, the server's preparation of the loads says more.
     */
    List<Finding> check(Rules rules, Source source, Schema schema, String connected, Connection connection) {
        List<Finding> findings = new ArrayList<>();
        if (!canal.isEmpty()) {
            findings.addAll(of(
                    connection, source, canal, grants -> PrivilegeCheck.canal(rules, source, schema, canal, grants)));
        }
        if (!connected.equals(source.username())) {
            findings.addAll(
                    of(connection, source, source.username(), grants -> PrivilegeCheck.loads(rules, source, grants)));
        }
        if (!sync.isEmpty()) {
            HeartbeatTable table = HeartbeatTable.parse(heartbeat);
            findings.addAll(of(
                    connection,
                    source,
                    sync,
                    grants -> PrivilegeCheck.heartbeat(source, sync, grants, table.database(), table.table())));
        }
        return findings;
    }

    private static List<Finding> of(
            Connection connection, Source source, String user, Function<Grants, List<Finding>> check) {
        String account = account(user);
        try (Statement statement = connection.createStatement()) {
            Grants grants = new Grants(lines(statement, "SHOW GRANTS FOR " + account));
            if (!grants.roles().isEmpty()) {
                String roles = String.join(", ", grants.roles());
                grants = new Grants(lines(statement, "SHOW GRANTS FOR " + account + " USING " + roles));
            }
            return check.apply(grants);
        } catch (SQLException e) {
            return List.of(PrivilegeCheck.unknown(source, user, String.valueOf(e.getMessage())));
        }
    }

    private static List<String> lines(Statement statement, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    private static String account(String user) {
        int at = user.lastIndexOf('@');
        String name = at < 0 ? user : user.substring(0, at);
        String host = at < 0 ? "%" : user.substring(at + 1);
        if (!PART.matcher(name).matches() || !PART.matcher(host).matches()) {
            throw new IllegalArgumentException("'" + user + "' is not a user: write NAME or NAME@HOST without quotes");
        }
        return "'" + name + "'@'" + host + "'";
    }
}
