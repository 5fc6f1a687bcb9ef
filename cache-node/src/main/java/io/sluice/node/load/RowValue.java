package io.sluice.node.load;

import io.sluice.mapping.Group;
import io.sluice.mapping.ValueForm;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/** Renders the rows of one load as a value. Not thread-safe: one for each value. */
interface RowValue extends AutoCloseable {
    /** Of the form that the group declares. */
    static RowValue of(Group group) {
        return switch (group.value()) {
            case ValueForm.JSON -> new RowJson(group.many());
            case ValueForm.RAW -> new RowBytes(group.name(), group.key().columns());
            case ValueForm.STRUCT -> new RowStruct(group.name(), group.many());
        };
    }

    /** Appends the row that the result set stands on. */
    void append(ResultSet row, ResultSetMetaData columns) throws SQLException;

    /** Bytes rendered so far, to hold against a limit. */
    int size();

    /** Ends the value and returns it. */
    byte[] finish();

    @Override
    default void close() {}
}
