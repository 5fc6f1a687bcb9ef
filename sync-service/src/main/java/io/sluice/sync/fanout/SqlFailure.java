package io.sluice.sync.fanout;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells failures that a repetition may mend from those that it will not. Stateless. */
final class SqlFailure {
    private static final int QUERY_TIMEOUT = 3024;
    private static final String BAD_DATA = "22";
    private static final String LOGIN = "28";
    private static final String SYNTAX_OR_ACCESS = "42";

    private SqlFailure() {}

    /** What the fan-out comes to; null when it may work next time. */
    static Found.@Nullable Everything asFound(SQLException e) {
        if (e.getErrorCode() == QUERY_TIMEOUT) {
            return new Found.Everything(Found.Reason.TOO_LATE, "");
        }
        String state = String.valueOf(e.getSQLState());
        boolean refused = state.startsWith(BAD_DATA) || state.startsWith(LOGIN) || state.startsWith(SYNTAX_OR_ACCESS);
        return refused ? new Found.Everything(Found.Reason.REFUSED, text(e)) : null;
    }

    /** In one line. What MySQL says of bad data quotes it, and that may be a key. */
    static String text(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String message = state.startsWith(BAD_DATA)
                ? "the data does not fit the query"
                : String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("no reason given");
        return message + " (error " + e.getErrorCode() + ", SQLState " + state + ")";
    }
}
