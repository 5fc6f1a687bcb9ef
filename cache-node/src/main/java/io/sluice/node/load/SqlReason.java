package io.sluice.node.load;

import java.sql.SQLException;

/** Says in one line why a statement or a connection failed. Stateless. */
final class SqlReason {
    private static final String DATA_EXCEPTION = "22";

    private SqlReason() {}

    /** The pool only says that it has no connection; what the database or the network said is its cause. */
    static String of(SQLException failure) {
        SQLException cause = failure;
        while (cause.getCause() instanceof SQLException deeper) {
            cause = deeper;
        }
        String state = String.valueOf(cause.getSQLState());
        // What MySQL says of bad data quotes it, and that may be the key.
        return (state.startsWith(DATA_EXCEPTION) ? "the data does not fit the query" : firstLine(cause)) + " (SQLState "
                + state + ")";
    }

    private static String firstLine(SQLException failure) {
        String message = String.valueOf(failure.getMessage()).strip();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end).strip();
    }
}
