package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.PolledPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that loads read the server that is polled, where the source is one server under a name that moves.
 *
 * <ol>
 *   <li>loads have connections to A, the primary; A is demoted and stalls
 *   <li>the poller's connection breaks, the idle ones of the pool do not
 *   <li>the name moves to B; the poller's next connection leads there, and B is to be trusted: it may be written to,
 *       and has all that was applied
 *   <li>a load takes a connection that leads to A, which lags. By its age it would be as new as its begin
 * </ol>
 *
 * So a connection that leads to another server than the one that was taken for the primary last is evicted, with all
 * that are idle, and another one is taken: {@value #MOST_EVICTED} times, and then not for {@link #PAUSE}, since new
 * connections can lead elsewhere too while the name moves. What is read on such a one counts as read from a replica.
 *
 * <p>Thread-safe.
 */
final class PrimaryConnections {
    static final int MOST_EVICTED = 2;
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Pool pool;
    private final PolledPosition polled;
    private final LongSupplier nanoClock;
    /** By physical connection; the pool keeps few of them, and each leads to one server for as long as it lives. */
    private final Map<Connection, String> servers = Collections.synchronizedMap(new WeakHashMap<>());

    private final AtomicReference<@Nullable String> clearedFor = new AtomicReference<>();
    private volatile @Nullable Long strayedNanos;

    /** Where connections come from. */
    interface Pool {
        /** A connection that the caller closes. */
        Connection take() throws SQLException;

        /** The {@code server_uuid} of where it leads, asked on it. */
        String askServer(Connection connection) throws SQLException;

        /** Has a connection that was taken closed for good. */
        void evict(Connection connection);

        /** Has all others closed, those in use when they are given back. */
        void evictAll();
    }

    PrimaryConnections(Pool pool, PolledPosition polled, LongSupplier nanoClock) {
        this.pool = requireNonNull(pool, "pool is null");
        this.polled = requireNonNull(polled, "polled is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** A connection to the server that is polled, if one can be had; else to another. The caller closes it. */
    Connection take() throws SQLException {
        for (int evicted = 0; ; evicted++) {
            Connection connection = pool.take();
            try {
                String primary = polled.primary();
                if (leadsTo(connection, primary) || isPausing()) {
                    return connection;
                }
                if (evicted == MOST_EVICTED) {
                    strayedNanos = nanoClock.getAsLong();
                    return connection;
                }
                pool.evict(connection);
                if (!requireNonNull(primary).equals(clearedFor.getAndSet(primary))) {
                    pool.evictAll();
                }
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }

    /** Whether it leads to what was taken for the primary last; also while there was none yet. */
    boolean leadsToPrimary(Connection connection) throws SQLException {
        return leadsTo(connection, polled.primary());
    }

    private boolean leadsTo(Connection connection, @Nullable String primary) throws SQLException {
        return primary == null || server(connection).equals(primary);
    }

    private boolean isPausing() {
        Long since = strayedNanos;
        return since != null && nanoClock.getAsLong() - since < PAUSE.toNanos();
    }

    /**
     * Which server the connection leads to: asked once for each, since the server's end of a connection never moves.
     */
    String server(Connection connection) throws SQLException {
        Connection physical = connection.unwrap(Connection.class);
        String known = servers.get(physical);
        if (known == null) {
            known = pool.askServer(connection);
            servers.put(physical, known);
        }
        return known;
    }
}
