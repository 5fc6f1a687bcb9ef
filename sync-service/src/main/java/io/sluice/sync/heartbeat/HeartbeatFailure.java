package io.sluice.sync.heartbeat;

import java.sql.SQLException;
import java.util.Set;

/**
 * Turns what went wrong on one source into words that say what to do. Immutable. Invariant: no message holds the JDBC
 * URL, which may have a password in it.
 */
final class HeartbeatFailure {
    private static final int NO_DATABASE = 1049;
    private static final int NO_TABLE = 1146;
    private static final int NO_COLUMN = 1054;
    /** Wrong password, no right in a database, on a table, on a column, of a kind. */
    private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227, 1370);

    private static final int LOGIN_REFUSED = 1045;
    /** {@code --read-only} and {@code --super-read-only}; a server that is in the middle of becoming it. */
    private static final Set<Integer> READ_ONLY = Set.of(1290, 1836, 3100);

    private static final String CONNECTION_EXCEPTION = "08";

    private final String source;
    private final String username;
    private final HeartbeatTable table;

    HeartbeatFailure(String source, String username, HeartbeatTable table) {
        this.source = source;
        this.username = username;
        this.table = table;
    }

    /** Whether making the table, or its database, may help. */
    static boolean isMissingTable(SQLException e) {
        return e.getErrorCode() == NO_TABLE || e.getErrorCode() == NO_DATABASE;
    }

    HeartbeatException of(SQLException e) {
        return new HeartbeatException(start() + reason(e), e);
    }

    HeartbeatException because(String reason) {
        return new HeartbeatException(start() + reason);
    }

    HeartbeatException readOnly() {
        return because(readOnlyReason());
    }

    private String start() {
        return "No heartbeat on source " + source + ", so no ring can change: ";
    }

    private String reason(SQLException e) {
        int code = e.getErrorCode();
        if (READ_ONLY.contains(code)) {
            return readOnlyReason();
        }
        if (DENIED.contains(code) || isMissingTable(e)) {
            return "user " + username + " lacks the table " + table + " or rights on it (" + firstLine(e)
                    + "). Run as an administrator: " + table.createDatabase() + "; " + table.create() + "; "
                    + table.grant(username);
        }
        if (code == NO_COLUMN) {
            return "the table " + table
                    + " has other columns than it needs, as from an earlier release. Drop it, and run: "
                    + table.create();
        }
        if (code == LOGIN_REFUSED) {
            return firstLine(e) + ". Check heartbeat.username and heartbeat.password, or those of the source in the"
                    + " rules file where heartbeat names none";
        }
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith(CONNECTION_EXCEPTION)) {
            return "MySQL does not answer (" + firstLine(e) + "). Check that it runs, and the source's jdbc-url";
        }
        return firstLine(e) + " (error " + code + ", SQLState " + state + ")";
    }

    private static String readOnlyReason() {
        return "the server is read-only, so it is not the primary: point the source's jdbc-url to the primary";
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("no reason given");
    }
}
