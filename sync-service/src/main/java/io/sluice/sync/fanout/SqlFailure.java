package io.sluice.sync.fanout;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells failures that a repetition may mend from those that it will not. Stateless. */
final class SqlFailure {
    private static final int QUERY_TIMEOUT = 3024;
    private static final String BAD_DATA = "22";
    /** Not supported; more rows than one; bad data; a write; login; syntax or access. */
    private static final Set<String> FINAL = Set.of("0A", "21", BAD_DATA, "25", "28", "42");

    private SqlFailure() {}

    /** What the fan-out comes to; null when it may work next time. */
    static Found.@Nullable Everything asFound(SQLException e) {
        if (e.getErrorCode() == QUERY_TIMEOUT) {
            return new Found.Everything(Found.Reason.TOO_LATE, "");
        }
        String state = String.valueOf(e.getSQLState());
        return FINAL.contains(state.substring(0, Math.min(2, state.length())))
                ? new Found.Everything(Found.Reason.REFUSED, text(e))
                : null;
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
