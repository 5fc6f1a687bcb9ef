package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import io.sluice.config.Secret;
import io.sluice.mapping.Source;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Locale;
import java.util.Properties;

/**
 * Commits heartbeat rows on the primary of one source and reads what the primary has executed then.
 *
 * <p>Why a commit first: MySQL hands a change to the binlog before it is visible, so an event may have been handled
 * whose transaction is not in {@code @@global.gtid_executed} yet.
 *
 * <ol>
 *   <li>T is in the binlog, and its removal done by the holders of that moment; T is not visible.
 *   <li>The set is read, without T, and becomes the floor of a new holder.
 *   <li>The new holder loads the row as it was before T: nothing in its floor says no.
 * </ol>
 *
 * Commits become visible in the order of the binlog ({@code binlog_order_commits=ON}), so after a commit of ours the
 * set holds every transaction whose event was handed out before it.
 *
 * <p>Each beat has a connection of its own, which costs some milliseconds and is never stale. Stateless, and safe for
 * use by many threads. Invariant: every step is bounded by a timeout, and a position is returned only when a heartbeat
 * was committed and every global answered as the coherence protocol needs it.
 */
final class SourceHeartbeat {
    private static final String EXECUTED = "SELECT @@global.gtid_executed";
    /** Everybody may ask this. */
    private static final String XA_COMMITS = "SHOW GLOBAL STATUS LIKE 'Com_xa_commit'";

    private final Source source;
    private final HeartbeatSettings settings;
    private final String instance;
    private final String username;
    private final HeartbeatFailure failure;

    /** {@code instance} is written into the row, for whoever looks at it. */
    SourceHeartbeat(Source source, HeartbeatSettings settings, String instance) {
        this.source = requireNonNull(source, "source is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.instance = requireNonNull(instance, "instance is null");
        String configured = settings.username();
        this.username = configured == null ? source.username() : configured;
        this.failure = new HeartbeatFailure(source.name(), username, settings.table());
    }

    /**
     * Commits the rows in one transaction. Blocks for the timeouts of a connection and seven statements at most.
     *
     * @param ids ascending, so that two who write wait for each other and do not deadlock; at least one
     * @param beat another number than before
     */
    PrimaryState beat(Collection<Integer> ids, long beat) throws HeartbeatException {
        try (Connection connection = connect()) {
            String serverUuid = check(connection);
            SourcePosition before = position(connection);
            write(connection, ids, beat);
            SourcePosition after = position(connection);
            if (after.isUnknown() || before.covers(after)) {
                throw failure.because(
                        "a heartbeat was committed and @@global.gtid_executed did not grow: connect to the primary itself,"
                                + " not through what sends reads to other servers than writes");
            }
            return new PrimaryState(after, serverUuid, xaCommits(connection));
        } catch (SQLException e) {
            throw failure.of(e);
        }
    }

    private Connection connect() throws SQLException {
        Secret password = settings.username() == null ? source.password() : settings.password();
        Properties properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password.reveal());
        properties.setProperty(
                "connectTimeout", Long.toString(settings.connectTimeout().toMillis()));
        properties.setProperty("socketTimeout", Long.toString(settings.timeout().toMillis()));
        // The user may have no right in the database that the URL names.
        properties.setProperty("dbname", "");
        return DriverManager.getConnection(source.jdbcUrl(), properties);
    }

    /** Returns the server's UUID. */
    private String check(Connection connection) throws SQLException, HeartbeatException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT @@global.gtid_mode, @@global.binlog_order_commits, @@global.read_only,"
                                + " @@session.sql_log_bin, @@server_uuid")) {
            row.next();
            if (!row.getString(1).equals("ON")) {
                throw failure.because("gtid_mode is " + row.getString(1)
                        + ", so positions mean nothing: set it ON, or declare the source with coherence: arrival");
            }
            if (!row.getBoolean(2)) {
                throw failure.because("binlog_order_commits is OFF, so a position may name changes that are not visible"
                        + " yet: set it ON, or declare the source with coherence: arrival");
            }
            if (row.getBoolean(3)) {
                throw failure.readOnly();
            }
            if (!row.getBoolean(4)) {
                throw failure.because(
                        "sql_log_bin is OFF for this user, so a heartbeat would not be logged: take it out"
                                + " of the JDBC URL or of init_connect");
            }
            return row.getString(5).toLowerCase(Locale.ROOT);
        }
    }

    private void write(Connection connection, Collection<Integer> ids, long beat) throws SQLException {
        try {
            beat(connection, ids, beat);
        } catch (SQLException e) {
            if (!HeartbeatFailure.isMissingTable(e)) {
                throw e;
            }
            create(connection);
            beat(connection, ids, beat);
        }
    }

    private void beat(Connection connection, Collection<Integer> ids, long beat) throws SQLException {
        // Autocommit: all are committed when this returns.
        try (PreparedStatement statement =
                connection.prepareStatement(settings.table().beat(ids.size()))) {
            int parameter = 1;
            for (int id : ids) {
                statement.setInt(parameter++, id);
                statement.setString(parameter++, source.name());
                statement.setString(parameter++, instance);
                statement.setLong(parameter++, beat);
            }
            statement.executeUpdate();
        }
    }

    private void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings.table().createDatabase());
            statement.execute(settings.table().create());
        }
    }

    private static long xaCommits(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(XA_COMMITS)) {
            return row.next() ? row.getLong(2) : 0;
        }
    }

    private SourcePosition position(Connection connection) throws SQLException, HeartbeatException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(EXECUTED)) {
            row.next();
            return SourcePosition.parse(row.getString(1));
        } catch (PositionFormatException e) {
            throw failure.because("its @@global.gtid_executed is not understood: " + e.getMessage()
                    + ". Tagged GTIDs are not supported: declare the source with coherence: arrival if it has them");
        }
    }
}
