package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import java.util.Collections;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat table: its name, and every statement that is ever run on it. Immutable.
 *
 * <p>The rows come back in the change stream, as does the table's creation; {@link #isOwn} knows them, so that they
 * neither reach the rules nor the dead letters. Invariant: what may have changed another table as well is never its
 * own, whichever table the change stream names: {@code DROP TABLE heartbeat, students} names one of the two.
 *
 * @param database its schema; the usual one is {@code sluice}
 * @param table its name; the usual one is {@code heartbeat}
 */
public record HeartbeatTable(String database, String table) {
    /** Needs no escaping, in MySQL's quotes or anybody's. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$]{1,64}");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** The table of who configures no other. */
    public static final HeartbeatTable DEFAULT = new HeartbeatTable("sluice", "heartbeat");

    public HeartbeatTable {
        requireNonNull(database, "database is null");
        requireNonNull(table, "table is null");
        if (!NAME.matcher(database).matches() || !NAME.matcher(table).matches()) {
            throw new IllegalArgumentException("the heartbeat table is \"" + database + "." + table
                    + "\": give database.table, each of 1 to 64 letters, digits, _ and $, such as sluice.heartbeat");
        }
    }

    /** The table written as {@code database.table}. */
    public static HeartbeatTable parse(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? new HeartbeatTable("", name)
                : new HeartbeatTable(name.substring(0, dot), name.substring(dot + 1));
    }

    String createDatabase() {
        return "CREATE DATABASE IF NOT EXISTS `" + database + "`";
    }

    String create() {
        return "CREATE TABLE IF NOT EXISTS " + quoted() + " (id INT UNSIGNED NOT NULL PRIMARY KEY,"
                + " source VARCHAR(128) NOT NULL, instance VARCHAR(128) NOT NULL, beat BIGINT UNSIGNED NOT NULL,"
                + " written DATETIME(3) NOT NULL) ENGINE=InnoDB";
    }

    /**
     * Writes so many rows. Takes id, source, instance and number of the beat of each; another number every time, since
     * what changes nothing is not logged.
     */
    String beat(int rows) {
        return insertion()
                + " VALUES "
                + String.join(", ", Collections.nCopies(rows, "(?, ?, ?, ?, UTC_TIMESTAMP(3))"))
                + " ON DUPLICATE KEY UPDATE source = VALUES(source), instance = VALUES(instance), beat = VALUES(beat),"
                + " written = VALUES(written)";
    }

    /** What the user needs, and no more; CREATE only to make the table. */
    String grant(String username) {
        return "GRANT SELECT, INSERT, UPDATE, CREATE ON `" + database + "`.* TO '" + username + "'@'%'";
    }

    private String insertion() {
        return "INSERT INTO " + quoted() + " (id, source, instance, beat, written)";
    }

    private String quoted() {
        return "`" + database + "`.`" + table + "`";
    }

    /** Whether the change is one of this table alone. */
    public boolean isOwn(RowChange change) {
        return switch (change) {
            case RowChange.Row row -> isNamedBy(row);
            case RowChange.Unmappable unmappable -> isNamedBy(unmappable);
            case RowChange.Definition definition ->
                isText(definition.sql(), create()) || isText(definition.sql(), createDatabase());
            // binlog_format is not ROW; the values differ from one to the next.
            case RowChange.Statement statement -> canonical(statement.sql()).startsWith(canonical(insertion()));
        };
    }

    /** The heartbeat that a row of this table tells of; null when it tells of none. */
    public @Nullable Heartbeat of(RowChange change) {
        if (!(change instanceof RowChange.Row row) || !isNamedBy(row)) {
            return null;
        }
        try {
            return new Heartbeat(
                    Integer.parseInt(text(row, "id")),
                    text(row, "source"),
                    text(row, "instance"),
                    Long.parseLong(text(row, "beat")));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String text(RowChange.Row row, String column) {
        String text = row.data().get(column);
        return text == null ? "" : text;
    }

    private boolean isNamedBy(RowChange change) {
        return change.database().equalsIgnoreCase(database) && change.table().equalsIgnoreCase(table);
    }

    private static boolean isText(String sql, String own) {
        return canonical(sql).equals(canonical(own));
    }

    private static String canonical(String sql) {
        return SPACE.matcher(sql.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    /** {@code database.table}. */
    @Override
    public String toString() {
        return database + "." + table;
    }
}
