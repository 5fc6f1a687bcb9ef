package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.config.Secret;
import io.sluice.mapping.Canonical;
import io.sluice.mapping.FanOut;
import io.sluice.mapping.KeyQuery;
import io.sluice.mapping.Source;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MySQL over one connection, which it opens when needed and keeps.
 *
 * <p>MySQL hands a change to the binlog before a SELECT sees it, so first it waits, in a statement of its own and on
 * the same connection, until the server has executed the change's position.
 *
 * <ol>
 *   <li>a course is renamed; the event reaches us before the commit is visible;
 *   <li>in the same transaction a student was enrolled; the query would not find that student yet.
 * </ol>
 *
 * The session only reads, whatever the query says. Not safe for use by many threads, but for {@link #close}.
 */
final class JdbcKeyFinder implements KeyFinder {
    private static final Logger log = LoggerFactory.getLogger(JdbcKeyFinder.class);
    private static final String COVERS = "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)";
    /** A server that answers at the last moment should be heard. */
    private static final long GRACE_MILLIS = 500;

    private final Source source;
    private final FanOutSettings settings;
    private final Supplier<SourcePosition> phantoms;
    private volatile @Nullable Connection connection;

    /** @param phantoms what the source never will have, so that nobody should wait for it */
    JdbcKeyFinder(Source source, FanOutSettings settings, Supplier<SourcePosition> phantoms) {
        this.source = requireNonNull(source, "source is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.phantoms = requireNonNull(phantoms, "phantoms is null");
    }

    @Override
    public Found find(FanOut fanOut, String position, Duration atMost) throws SQLException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Connection open = connection();
        if (!covers(open, position, millisUntil(deadline))) {
            return new Found.Everything(Found.Reason.NOT_COVERED, "");
        }
        try (PreparedStatement statement = prepare(open, fanOut.query().query().jdbcSql(), millisUntil(deadline))) {
            List<@Nullable String> parameters = fanOut.parameters();
            for (int i = 0; i < parameters.size(); i++) {
                statement.setString(i + 1, parameters.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                return keys(fanOut.query(), rows);
            }
        }
    }

    private boolean covers(Connection open, String position, long millis) throws SQLException {
        try (PreparedStatement statement = prepare(open, COVERS, millis)) {
            statement.setString(1, real(position));
            statement.setDouble(2, millis / 1e3);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1) == 0;
            }
        }
    }

    /** An empty set, which every server has, if nothing is left of it. */
    private String real(String position) {
        SourcePosition never = phantoms.get();
        return never.isUnknown()
                ? position
                : SourcePosition.parse(position).minus(never).toString();
    }

    /** At least one: MySQL takes zero for ever, and so does a socket. */
    private static long millisUntil(long deadlineNanos) {
        return Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
    }

    private PreparedStatement prepare(Connection open, String sql, long millis) throws SQLException {
        open.setNetworkTimeout(Runnable::run, Math.toIntExact(millis + GRACE_MILLIS));
        PreparedStatement statement = open.prepareStatement(sql);
        try {
            // The same for every statement: the driver tells the server each time it differs.
            statement.setMaxRows(settings.rows() + 1);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private Found keys(KeyQuery query, ResultSet rows) throws SQLException {
        List<ResultColumn> columns = new ArrayList<>();
        for (String name : query.columns()) {
            ResultColumn column = ResultColumn.named(name, rows.getMetaData());
            if (column == null) {
                return new Found.Everything(Found.Reason.REFUSED, "it returns no column " + name);
            }
            columns.add(column);
        }
        List<String> types = columns.stream().map(ResultColumn::mysqlType).toList();
        Set<String> keys = new LinkedHashSet<>();
        int count = 0;
        while (rows.next()) {
            if (++count > settings.rows()) {
                return new Found.Everything(Found.Reason.TOO_MANY_ROWS, "");
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (ResultColumn column : columns) {
                values.add(column.value(rows));
            }
            switch (query.keyOf(types, values)) {
                case Canonical.Text(String key) -> keys.add(key);
                case Canonical.Null() -> {
                    if (query.clearOnNull()) {
                        return new Found.Everything(Found.Reason.NULL_IN_KEY, "");
                    }
                }
                case Canonical.Refused(String reason) -> {
                    return new Found.Everything(Found.Reason.BAD_KEY, reason);
                }
            }
        }
        return new Found.Keys(List.copyOf(keys));
    }

    private Connection connection() throws SQLException {
        Connection known = connection;
        if (known != null) {
            return known;
        }
        Connection opened = open();
        connection = opened;
        return opened;
    }

    private Connection open() throws SQLException {
        String configured = settings.username();
        Secret password = configured == null ? source.password() : settings.password();
        Properties properties = new Properties();
        properties.setProperty("user", configured == null ? source.username() : configured);
        properties.setProperty("password", password.reveal());
        String connectMillis = Long.toString(settings.connectTimeout().toMillis());
        properties.setProperty("connectTimeout", connectMillis);
        // Also of the login; each statement sets its own.
        properties.setProperty("socketTimeout", connectMillis);
        // What the client gives up, the server ends.
        properties.setProperty(
                "sessionVariables", "max_execution_time=" + settings.timeout().toMillis());
        // As a node reads rows, so that the same key comes out.
        properties.setProperty("connectionTimeZone", "UTC");
        properties.setProperty("forceConnectionTimeZoneToSession", "true");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("useServerPrepStmts", "true");
        properties.setProperty("cachePrepStmts", "true");
        properties.setProperty("prepStmtCacheSqlLimit", "65536");
        Connection opened = DriverManager.getConnection(source.jdbcUrl(), properties);
        try {
            opened.setReadOnly(true);
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public void rest() {
        Connection known = connection;
        connection = null;
        try {
            if (known != null) {
                known.close();
            }
        } catch (SQLException e) {
            log.debug("Closing an idle connection failed", e);
        }
    }

    @Override
    public void close() {
        Connection known = connection;
        connection = null;
        if (known != null) {
            try {
                // Not close(), which may wait for a server that says nothing.
                known.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("Ending a connection failed", e);
            }
        }
    }
}
