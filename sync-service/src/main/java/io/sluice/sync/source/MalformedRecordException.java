package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

/**
 * A record that does not say what changed. It carries what could be read all the same, so that the table's groups can
 * be removed whole. The message names no key and no value.
 */
public final class MalformedRecordException extends Exception {
    /** The kinds, few enough for labels of metrics and for logging each once. */
    public enum Kind {
        /** No bytes at all. */
        EMPTY,
        /** More bytes than allowed. */
        OVERSIZED,
        /** No valid JSON object. */
        UNPARSABLE,
        /** JSON of another shape than the format has. */
        UNEXPECTED_SHAPE,
        /** A type of change that the format does not name. */
        UNKNOWN_TYPE,
        /** The decoder or the rules failed on it. */
        INTERNAL
    }

    private final Kind kind;
    private final String database;
    private final String table;
    private final String position;

    /** With the database, table and position that could be read; empty where they could not. */
    public MalformedRecordException(Kind kind, String message, String database, String table, String position) {
        super(message);
        this.kind = requireNonNull(kind, "kind is null");
        this.database = requireNonNull(database, "database is null");
        this.table = requireNonNull(table, "table is null");
        this.position = requireNonNull(position, "position is null");
    }

    public Kind kind() {
        return kind;
    }

    /** The table's database; empty when unknown. */
    public String database() {
        return database;
    }

    /** The table; empty when unknown. */
    public String table() {
        return table;
    }

    /** The position as text; empty when unknown. */
    public String position() {
        return position;
    }
}
