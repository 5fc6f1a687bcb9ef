package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.Moment;
import io.sluice.coherence.PolledPosition;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Source;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the primary of one source for its position, again and again, on a connection of its own: what loads that begin
 * later take for their stamp, and what the staleness bound rests on. Never on the way of a read.
 *
 * <p>Thread-safe. Owns the thread {@code sluice-poll-<source>}, from construction to {@link #close}; polls often while
 * loads come, ten times more seldom while none do.
 */
final class PositionPoller implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PositionPoller.class);
    private static final String QUERY =
            "SELECT @@global.gtid_executed, @@server_uuid, @@global.read_only OR @@global.super_read_only";
    private static final int IDLE_FACTOR = 10;
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);
    private static final Duration ACTIVE_FOR = Duration.ofSeconds(1);
    private static final Duration RECONNECT_EVERY = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Source source;
    private final Connector connector;
    private final long intervalNanos;
    private final long idleNanos;
    private final PositionParser positions;
    private final PolledPosition polled;
    private final PollListener listener;
    private final Clocks clock;
    private final Thread thread;
    private volatile long loadedNanos;
    private volatile boolean closed;
    /** Of the thread. */
    private @Nullable Connection connection;

    private @Nullable Moment reconnected;
    private boolean failing;

    /**
     * @param connector opens a connection to where the source's address leads now
     * @param positions shared with the loads, so that equal positions are one object
     * @param polled where loads find the latest
     */
    PositionPoller(
            Source source,
            LoadSettings settings,
            Connector connector,
            PositionParser positions,
            PolledPosition polled,
            PollListener listener,
            Clocks clock) {
        this.source = requireNonNull(source, "source is null");
        this.connector = requireNonNull(connector, "connector is null");
        this.intervalNanos = settings.pollInterval().toNanos();
        this.idleNanos = Math.max(intervalNanos, Math.min(LONGEST_IDLE.toNanos(), IDLE_FACTOR * intervalNanos));
        this.positions = requireNonNull(positions, "positions is null");
        this.polled = requireNonNull(polled, "polled is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.loadedNanos = System.nanoTime() - ACTIVE_FOR.toNanos();
        this.thread = Thread.ofPlatform()
                .name("sluice-poll-" + source.name())
                .daemon()
                .start(this::run);
    }

    /** Opens connections for polls. */
    interface Connector {
        Connection open() throws SQLException;
    }

    /** To the address of the source; what it does not answer within the connect timeout fails. */
    static Connector toPrimary(Source source, LoadSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("user", source.username());
        properties.setProperty("password", source.password().reveal());
        String millis = Long.toString(settings.connectTimeout().toMillis());
        properties.setProperty("connectTimeout", millis);
        properties.setProperty("socketTimeout", millis);
        return () -> DriverManager.getConnection(source.jdbcUrl(), properties);
    }

    /** A load begins: the next ones will want a position soon. */
    void loading() {
        long now = System.nanoTime();
        // Read first: written by every load it would go from core to core.
        if (now - loadedNanos > intervalNanos) {
            loadedNanos = now;
        }
    }

    private void run() {
        while (!closed) {
            long started = System.nanoTime();
            try {
                poll();
                if (failing) {
                    failing = false;
                    log.info("Source {} tells its position again", source.name());
                }
            } catch (SQLException | PositionFormatException e) {
                failed(e);
            } catch (Throwable e) {
                // A thread that ends would be missed by nobody, and every bound would grow.
                log.error("A poll of source {} failed for a reason that is not known; polling on", source.name(), e);
                disconnect();
            }
            boolean active = !failing && System.nanoTime() - loadedNanos < ACTIVE_FOR.toNanos();
            pause(started + (active ? intervalNanos : idleNanos));
        }
        disconnect();
    }

    private void pause(long untilNanos) {
        long left = untilNanos - System.nanoTime();
        if (left > 0 && !closed) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void poll() throws SQLException {
        Connection open = connect();
        SourcePosition appliedBefore = listener.applied();
        Moment sent = clock.now();
        try (Statement statement = open.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            told(new SourcePoll(
                    sent, appliedBefore, row.getString(2), positions.parse(row.getString(1)), !row.getBoolean(3)));
        }
    }

    /**
     * A connection whose server may have been demoted is not kept, since it would never lead to another one while the
     * name that it was opened by does; now and then only, where it is the name that leads there.
     */
    private void told(SourcePoll poll) {
        polled.polled(poll);
        if (poll.isDoubtful()
                && (reconnected == null || reconnected.agoNanos(poll.sent()) > RECONNECT_EVERY.toNanos())) {
            reconnected = poll.sent();
            disconnect();
        }
        listener.polled(poll, clock.nanos());
    }

    private Connection connect() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connector.open();
            connection = open;
        }
        return open;
    }

    private void failed(Exception e) {
        polled.forget();
        listener.pollFailed();
        disconnect();
        if (!failing && !closed) {
            failing = true;
            log.warn(
                    "Source {} does not tell its position: {}. Loads ask for it themselves, and staleness bounds grow",
                    source.name(),
                    e instanceof SQLException sql ? SqlReason.of(sql) : e.getMessage());
        }
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("A connection for polls of source {} did not close cleanly", source.name(), e);
            }
        }
    }

    /** Waits a little for a poll that is under way. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                log.warn("The thread that polls source {} did not end within {}", source.name(), CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
