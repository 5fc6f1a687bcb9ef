package io.sluice.node.load;

import java.sql.SQLException;

/** Says in one line why a statement or a connection failed. Stateless. */
final class SqlReason {
    private SqlReason() {}

    /** The pool only says that it has no connection; what the database or the network said is its cause. */
    static String of(SQLException failure) {
        SQLException cause = failure;
        while (cause.getCause() instanceof SQLException deeper) {
            cause = deeper;
        }
        return firstLine(cause) + " (SQLState " + cause.getSQLState() + ")";
    }

    private static String firstLine(SQLException failure) {
        String message = String.valueOf(failure.getMessage()).strip();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end).strip();
    }
}
