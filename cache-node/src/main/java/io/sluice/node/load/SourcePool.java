package io.sluice.node.load;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.PolledPosition;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Source;
import io.sluice.node.Failures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one source.
 *
 * <p>Opening a pool does not need the source to be up: a node starts without it, answers from memory, and loads answer
 * UNAVAILABLE until it is there. Before the first load the source is checked to be one whose positions can be trusted.
 *
 * <p>Loads go to the source's {@code read-url} where it has one; what is polled is always the primary. Thread-safe.
 */
public final class SourcePool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourcePool.class);
    private static final long OLDEST_POLL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Source source;
    private final HikariDataSource pool;
    private final long busyNanos;
    private final PositionParser positions = new PositionParser();
    private final PolledPosition polled = new PolledPosition();
    private final @Nullable PositionPoller poller;
    private final Clocks clock;
    private final boolean goesByPolls;
    private final LongAdder polledStamps = new LongAdder();
    private final LongAdder ownStamps = new LongAdder();
    private final PrimaryConnections connections;

    private volatile boolean checked;

    /** @param polls told of every poll; there are none of a source without positions */
    public SourcePool(Source source, LoadSettings settings, PollListener polls, Clocks clock) {
        this(source, source.loadUrl(), settings, polls, clock);
    }

    /** One that reads the primary alone, and has each load ask for its own position. */
    public static SourcePool ofPrimary(Source source, LoadSettings settings) {
        return new SourcePool(source, source.jdbcUrl(), settings, null, Clocks.system());
    }

    private SourcePool(Source source, String url, LoadSettings settings, @Nullable PollListener polls, Clocks clock) {
        this.source = source;
        this.clock = clock;
        this.goesByPolls = polls != null && hasPositions() && source.loadsFromPrimary();
        HikariConfig config = new HikariConfig();
        config.setPoolName("source-" + source.name());
        config.setJdbcUrl(url);
        config.setUsername(source.username());
        config.setPassword(source.password().reveal());
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(settings.connectTimeout().toMillis());
        config.setValidationTimeout(settings.connectTimeout().toMillis());
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(true);
        config.setReadOnly(true);
        long timeoutMillis = settings.timeout().toMillis();
        config.addDataSourceProperty(
                "connectTimeout", Long.toString(settings.connectTimeout().toMillis()));
        // The server ends a query that runs too long; the socket limit is for a server that says nothing any more.
        config.addDataSourceProperty("sessionVariables", "max_execution_time=" + timeoutMillis);
        config.addDataSourceProperty("socketTimeout", Long.toString(timeoutMillis + 1_000));
        config.addDataSourceProperty("connectionTimeZone", "UTC");
        config.addDataSourceProperty("forceConnectionTimeZoneToSession", "true");
        config.addDataSourceProperty("tinyInt1isBit", "false");
        config.addDataSourceProperty("yearIsDateType", "false");
        config.addDataSourceProperty("useServerPrepStmts", "true");
        config.addDataSourceProperty("cachePrepStmts", "true");
        config.addDataSourceProperty("useLocalSessionState", "true");
        this.pool = new HikariDataSource(config);
        this.connections = new PrimaryConnections(new Pooled(), polled, clock::nanos);
        this.busyNanos = settings.timeout().toNanos();
        this.poller = polls != null && hasPositions()
                ? new PositionPoller(
                        source, settings, PositionPoller.toPrimary(source, settings), positions, polled, polls, clock)
                : null;
    }

    /**
     * Looks at the source once at start: a source that cannot be reached yet is logged and tried again by the first
     * load; one that is set up wrongly is an error now.
     *
     * @throws io.grpc.StatusRuntimeException when the source's positions cannot be trusted; the message says what to do
     */
    public void checkNow() {
        try {
            connection().close();
            log.info("Source {} is reachable; loads use at most {} connections", name(), pool.getMaximumPoolSize());
        } catch (SQLException e) {
            log.warn(
                    "Source {} cannot be reached yet; loads answer UNAVAILABLE until it can: {}",
                    name(),
                    SqlReason.of(e));
        }
    }

    /**
     * Takes a connection, waiting at most the connect timeout or, while all are at work, as long as a load may take;
     * the caller closes it.
     */
    Connection connection() throws SQLException {
        Connection connection = goesByPolls ? connections.take() : take();
        try {
            if (!checked) {
                check(connection);
                checked = true;
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The pool as it is. */
    private final class Pooled implements PrimaryConnections.Pool {
        @Override
        public Connection take() throws SQLException {
            return SourcePool.this.take();
        }

        @Override
        public String askServer(Connection connection) throws SQLException {
            return queryText(connection, "SELECT @@server_uuid");
        }

        @Override
        public void evict(Connection connection) {
            log.info("A connection for loads of source {} leads to another server than polls: it is closed", name());
            pool.evictConnection(connection);
        }

        @Override
        public void evictAll() {
            HikariPoolMXBean state = pool.getHikariPoolMXBean();
            if (state != null) {
                state.softEvictConnections();
            }
        }
    }

    private Connection take() throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                HikariPoolMXBean state = pool.getHikariPoolMXBean();
                boolean busy = state != null && state.getActiveConnections() == pool.getMaximumPoolSize();
                boolean unreachable = e.getCause() != null && !busy;
                if (unreachable || System.nanoTime() - start > busyNanos) {
                    throw e;
                }
            }
        }
    }

    /**
     * What a load on this connection goes by: what was polled from the same server, if it may go by that, else what is
     * asked now.
     */
    LoadStamp stamp(Connection connection, Departing departing) throws SQLException {
        PositionPoller polling = poller;
        if (polling == null) {
            departing.goesBy(LoadStamp.NONE);
            return LoadStamp.NONE;
        }
        polling.loading();
        boolean astray = goesByPolls && !connections.leadsToPrimary(connection);
        if (goesByPolls && !astray) {
            SourcePosition before = polled.forLoad(
                    connections.server(connection), clock.nanos(), OLDEST_POLL_NANOS, departing::mayGoBy);
            if (before != null) {
                polledStamps.increment();
                return LoadStamp.of(before);
            }
        }
        LoadStamp stamp = new LoadStamp(position(connection), astray);
        ownStamps.increment();
        departing.goesBy(stamp);
        return stamp;
    }

    /** How many loads took the position of a poll. */
    public long polledStamps() {
        return polledStamps.sum();
    }

    /** How many loads had to ask for a position of their own. */
    public long ownStamps() {
        return ownStamps.sum();
    }

    /** A statement of its own: in one statement with the row it would promise nothing. */
    private SourcePosition position(Connection connection) throws SQLException {
        try {
            return positions.parse(queryText(connection, "SELECT @@global.gtid_executed"));
        } catch (PositionFormatException e) {
            throw Failures.unavailable("Source " + source.name() + " has a position that is not understood: "
                    + e.getMessage() + "; declare the source with coherence: arrival if it cannot be without");
        }
    }

    private void check(Connection connection) throws SQLException {
        if (!hasPositions()) {
            return;
        }
        String gtidMode = queryText(connection, "SELECT @@global.gtid_mode");
        if (!gtidMode.equals("ON")) {
            throw Failures.unavailable(
                    "Source " + source.name() + " has gtid_mode=" + gtidMode
                            + ", so its positions mean nothing: set gtid_mode=ON, or declare the source with coherence: arrival");
        }
        if (queryText(connection, "SELECT @@global.binlog_order_commits").equals("0")) {
            throw Failures.unavailable("Source " + source.name()
                    + " has binlog_order_commits=OFF, so a position may name changes that are not visible yet: set it ON,"
                    + " or declare the source with coherence: arrival");
        }
    }

    private static String queryText(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Whether loads from this source carry a stamp. */
    boolean hasPositions() {
        return source.coherence() == Coherence.GTID;
    }

    /** The source's name in the rules file. */
    String name() {
        return source.name();
    }

    @Override
    public void close() {
        PositionPoller polling = poller;
        if (polling != null) {
            polling.close();
        }
        pool.close();
    }
}
