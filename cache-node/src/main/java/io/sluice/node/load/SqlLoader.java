package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.BatchQuery;
import io.sluice.mapping.Group;
import io.sluice.mapping.LoadQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads the values of one group with its query from the rules file.
 *
 * <p>The order of its steps is what the stamp rests on: first the position, in a statement of its own, then the row, on
 * the same connection and so from the same server; or the position that was polled from that server before.
 * Thread-safe.
 */
public final class SqlLoader implements Loader {
    private final Group group;
    private final LoadQuery query;
    private final SourcePool source;
    private final LoadSettings settings;
    private final LongSupplier nanoClock;
    private final LoadRefusals refusals;
    private final @Nullable SqlBatchLoader batch;

    public SqlLoader(Group group, LoadQuery query, SourcePool source, LoadSettings settings, LongSupplier nanoClock) {
        this.group = requireNonNull(group, "group is null");
        this.query = requireNonNull(query, "query is null");
        this.source = requireNonNull(source, "source is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.refusals = new LoadRefusals(group, source.name(), settings);
        BatchQuery several = group.batchLoad();
        this.batch = several == null
                ? null
                : new SqlBatchLoader(group, query, several, this, source, settings, refusals, nanoClock);
    }

    @Override
    public boolean accepts(String key) {
        return group.key().parse(key).isPresent();
    }

    @Override
    public Loaded load(String key, Departing departing) {
        Map<String, String> parts = group.key().parse(key).orElseThrow();
        long startNanos = nanoClock.getAsLong();
        try (Connection connection = source.connection()) {
            LoadStamp stamp = source.stamp(connection, departing);
            return load(connection, parts, stamp, startNanos);
        } catch (SQLException e) {
            throw refusals.unavailable(e);
        }
    }

    /** The row as of a position that was read on this connection before. */
    Loaded load(Connection connection, Map<String, String> parts, LoadStamp stamp, long startNanos)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query.jdbcSql())) {
            bind(statement, parts);
            try (ResultSet rows = statement.executeQuery()) {
                return render(parts, rows, stamp, startNanos);
            }
        }
    }

    @Override
    public @Nullable BatchLoader batch() {
        return batch == null || batch.isSwitchedOff() ? null : batch;
    }

    private void bind(PreparedStatement statement, Map<String, String> parts) throws SQLException {
        List<String> parameters = query.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            statement.setString(i + 1, parts.get(parameters.get(i)));
        }
    }

    private Loaded render(Map<String, String> parts, ResultSet rows, LoadStamp stamp, long startNanos)
            throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        KeyCheck check = new KeyCheck(group.key(), parts, columns);
        try (RowValue value = RowValue.of(group)) {
            int count = 0;
            while (rows.next()) {
                if (++count > (group.many() ? settings.rows() : 1)) {
                    throw refusals.tooManyRows();
                }
                check.row(rows);
                value.append(rows, columns);
                if (value.size() > settings.valueBytes()) {
                    throw refusals.tooLarge();
                }
            }
            if (count == 0) {
                return new Loaded(false, new byte[0], stamp, startNanos, check.passedWithoutRow());
            }
            boolean keepable = group.many() ? check.passedForMoreRows() : check.passed();
            return new Loaded(true, value.finish(), stamp, startNanos, keepable);
        }
    }
}
