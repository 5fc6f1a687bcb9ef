package io.sluice.node.load;

import io.grpc.StatusRuntimeException;
import io.sluice.mapping.BatchQuery;
import io.sluice.mapping.Group;
import io.sluice.mapping.LoadQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads several keys with the batch query of their group: the position once, then all rows in one query, on the same
 * connection.
 *
 * <p>A row belongs to the key that it renders to. So what MySQL compares more loosely than a cache does cannot put a
 * row under another spelling; a key without a row is taken for missing only where that is sure, and is loaded for
 * itself where it is not. So are all keys when the query fails for what one of them says, or brings more than a batch
 * may.
 *
 * <p>The list of keys is filled up to a power of two with its last key: the driver and the server keep a few statements
 * instead of one for every number of keys.
 *
 * <p>Thread-safe. A query whose columns differ from those of the single load, or that lacks a column of the key, is
 * never used again: the two must give the same value.
 */
final class SqlBatchLoader implements BatchLoader {
    static final int MOST_KEYS = 256;

    private static final Logger log = LoggerFactory.getLogger(SqlBatchLoader.class);
    private static final int MAX_EXECUTION_TIME_EXCEEDED = 3024;
    private static final String CONNECTION_FAILURE = "08";

    private final Group group;
    private final LoadQuery single;
    private final BatchQuery query;
    private final SqlLoader singles;
    private final SourcePool source;
    private final LoadSettings settings;
    private final LoadRefusals refusals;
    private final LongSupplier nanoClock;
    private volatile boolean compared;
    private volatile boolean switchedOff;
    private volatile boolean told;

    SqlBatchLoader(
            Group group,
            LoadQuery single,
            BatchQuery query,
            SqlLoader singles,
            SourcePool source,
            LoadSettings settings,
            LoadRefusals refusals,
            LongSupplier nanoClock) {
        this.group = group;
        this.single = single;
        this.query = query;
        this.singles = singles;
        this.source = source;
        this.settings = settings;
        this.refusals = refusals;
        this.nanoClock = nanoClock;
    }

    boolean isSwitchedOff() {
        return switchedOff;
    }

    @Override
    public int mostKeys() {
        return MOST_KEYS;
    }

    @Override
    public Map<String, LoadOutcome> loadMany(List<String> keys, Departing departing) {
        Map<String, Map<String, String>> asked = new LinkedHashMap<>();
        keys.forEach(key -> asked.put(key, group.key().parse(key).orElseThrow()));
        long startNanos = nanoClock.getAsLong();
        try (Connection connection = source.connection()) {
            LoadStamp stamp = source.stamp(connection, departing);
            Map<String, LoadOutcome> outcomes = together(connection, asked, stamp, startNanos);
            asked.keySet().removeAll(outcomes.keySet());
            oneByOne(connection, asked, stamp, startNanos, outcomes);
            return outcomes;
        } catch (SQLException e) {
            throw refusals.unavailable(e);
        }
    }

    /** The outcomes that one query is sure of. */
    private Map<String, LoadOutcome> together(
            Connection connection, Map<String, Map<String, String>> asked, LoadStamp stamp, long startNanos)
            throws SQLException {
        Map<String, LoadOutcome> outcomes = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(query.jdbcSql(padded(asked.size())))) {
            bind(statement, List.copyOf(asked.values()));
            try (ResultSet rows = statement.executeQuery()) {
                BatchColumns columns = columns(connection, rows.getMetaData());
                BatchRows read = new BatchRows(group, settings, refusals);
                if (columns == null || !read.read(rows, columns, asked)) {
                    return outcomes;
                }
                for (Map.Entry<String, Map<String, String>> key : asked.entrySet()) {
                    KeyCheck check = new KeyCheck(group.key(), key.getValue(), rows.getMetaData());
                    // A row that renders to the key is removed by it; of a list more rows may come.
                    boolean keepable = !group.many() || check.passedForMoreRows();
                    if (!keepable) {
                        // MySQL finds more for a list than what is spelled like the key: the whole of it, by itself.
                        continue;
                    }
                    LoadOutcome outcome = read.of(key.getKey(), stamp, startNanos, keepable);
                    if (outcome == null) {
                        outcome = missing(check, read, stamp, startNanos);
                    }
                    if (outcome != null) {
                        outcomes.put(key.getKey(), outcome);
                    }
                }
            }
        } catch (SQLException e) {
            if (concernsAll(e)) {
                throw e;
            }
            tellOnce(e);
        }
        return outcomes;
    }

    /** By its number only: the text may quote a key. */
    private void tellOnce(SQLException e) {
        if (!told) {
            told = true;
            log.warn(
                    "batch-load of group {} failed with error {} (SQLState {}), so its keys were loaded one by one; where"
                            + " that is not for what a key says, put the query right",
                    group.name(),
                    e.getErrorCode(),
                    e.getSQLState());
        }
    }

    /**
     * That there is no row of a key; null when that is not sure: where a column has several spellings for one value,
     * the row may have been returned under its own.
     */
    private static @Nullable LoadOutcome missing(KeyCheck check, BatchRows read, LoadStamp stamp, long startNanos) {
        boolean spelledAsItsRow = check.passedWithoutRow();
        if (read.hasStrangers() || !(spelledAsItsRow || read.isEmpty())) {
            return null;
        }
        return new LoadOutcome.Success(new Loaded(false, new byte[0], stamp, startNanos, spelledAsItsRow));
    }

    private void oneByOne(
            Connection connection,
            Map<String, Map<String, String>> asked,
            LoadStamp stamp,
            long startNanos,
            Map<String, LoadOutcome> outcomes)
            throws SQLException {
        for (Map.Entry<String, Map<String, String>> key : asked.entrySet()) {
            LoadOutcome outcome;
            if (nanoClock.getAsLong() - startNanos > settings.timeout().toNanos()) {
                outcome = new LoadOutcome.Failure(refusals.outOfTime());
            } else {
                try {
                    outcome = new LoadOutcome.Success(singles.load(connection, key.getValue(), stamp, startNanos));
                } catch (StatusRuntimeException e) {
                    outcome = new LoadOutcome.Failure(e);
                } catch (SQLException e) {
                    if (concernsAll(e)) {
                        throw e;
                    }
                    outcome = new LoadOutcome.Failure(refusals.unavailable(e));
                }
            }
            outcomes.put(key.getKey(), outcome);
        }
    }

    /** Null when the query's columns will not do. */
    private @Nullable BatchColumns columns(Connection connection, ResultSetMetaData returned) throws SQLException {
        BatchColumns columns = BatchColumns.of(group.key(), returned);
        if (columns == null) {
            switchOff("does not return every column of the key");
        } else if (!compared) {
            try (PreparedStatement statement = connection.prepareStatement(single.jdbcSql())) {
                ResultSetMetaData wanted = statement.getMetaData();
                if (!BatchColumns.labels(wanted).equals(BatchColumns.labels(returned))) {
                    switchOff("does not return the same columns, in the same order, as load");
                }
            }
            compared = true;
        }
        return switchedOff ? null : columns;
    }

    private void switchOff(String reason) {
        if (!switchedOff) {
            switchedOff = true;
            log.warn(
                    "batch-load of group {} {}: its keys are loaded one by one until that is put right",
                    group.name(),
                    reason);
        }
    }

    private void bind(PreparedStatement statement, List<Map<String, String>> asked) throws SQLException {
        int parameter = 1;
        for (int place = 0; place < query.places(); place++) {
            for (int i = 0; i < padded(asked.size()); i++) {
                Map<String, String> parts = asked.get(Math.min(i, asked.size() - 1));
                for (String column : group.key().columns()) {
                    statement.setString(parameter++, parts.get(column));
                }
            }
        }
    }

    private static int padded(int keys) {
        return keys <= 1 ? 1 : Integer.highestOneBit(keys - 1) << 1;
    }

    /** Whether it would be the same for each key alone, as when the source is gone or too slow. */
    private static boolean concernsAll(SQLException e) {
        return e instanceof SQLTimeoutException
                || e.getErrorCode() == MAX_EXECUTION_TIME_EXCEEDED
                || String.valueOf(e.getSQLState()).startsWith(CONNECTION_FAILURE);
    }
}
