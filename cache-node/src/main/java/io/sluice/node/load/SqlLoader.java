package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Group;
import io.sluice.mapping.LoadQuery;
import io.sluice.node.Failures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Loads the values of one group with its query from the rules file.
 *
 * <p>The order of its steps is what the stamp rests on: first the position, in a statement of its own, then the row, on
 * the same connection and so from the same server. Thread-safe.
 */
public final class SqlLoader implements Loader {
    private final Group group;
    private final LoadQuery query;
    private final SourcePool source;
    private final LoadSettings settings;
    private final LongSupplier nanoClock;

    public SqlLoader(Group group, LoadQuery query, SourcePool source, LoadSettings settings, LongSupplier nanoClock) {
        this.group = requireNonNull(group, "group is null");
        this.query = requireNonNull(query, "query is null");
        this.source = requireNonNull(source, "source is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    @Override
    public boolean accepts(String key) {
        return group.key().parse(key).isPresent();
    }

    @Override
    public Loaded load(String key, Consumer<SourcePosition> stampRead) {
        Map<String, String> parts = group.key().parse(key).orElseThrow();
        long startNanos = nanoClock.getAsLong();
        try (Connection connection = source.connection()) {
            SourcePosition stamp = source.position(connection);
            stampRead.accept(stamp);
            try (PreparedStatement statement = connection.prepareStatement(query.jdbcSql())) {
                bind(statement, parts);
                try (ResultSet rows = statement.executeQuery()) {
                    return render(parts, rows, stamp, startNanos);
                }
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private void bind(PreparedStatement statement, Map<String, String> parts) throws SQLException {
        List<String> parameters = query.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            statement.setString(i + 1, parts.get(parameters.get(i)));
        }
    }

    private Loaded render(Map<String, String> parts, ResultSet rows, SourcePosition stamp, long startNanos)
            throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        KeyCheck check = new KeyCheck(group.key(), parts, columns);
        try (RowJson json = new RowJson(group.many())) {
            int count = 0;
            while (rows.next()) {
                if (++count > (group.many() ? settings.rows() : 1)) {
                    throw tooManyRows();
                }
                check.row(rows);
                json.append(rows, columns);
                if (json.size() > settings.valueBytes()) {
                    throw Failures.exhausted("The value of a key of group " + group.name() + " is over the limit of "
                            + settings.valueBytes() + " bytes: select fewer columns or rows, or raise limits.value");
                }
            }
            if (count == 0) {
                return new Loaded(false, new byte[0], stamp, startNanos, check.passedWithoutRow());
            }
            return new Loaded(true, json.finish(), stamp, startNanos, check.passed());
        }
    }

    private StatusRuntimeException tooManyRows() {
        if (group.many()) {
            return Failures.exhausted("The load query of group " + group.name() + " returned over " + settings.rows()
                    + " rows for one key: narrow the query, or raise loads.rows");
        }
        return Failures.failedPrecondition("The load query of group " + group.name()
                + " returned several rows for one key: declare rows: many, or narrow the query");
    }

    private StatusRuntimeException unavailable(SQLException e) {
        return Failures.unavailable(
                "Source " + source.name() + " did not answer a load of group " + group.name() + ": " + SqlReason.of(e)
                        + ". Keys in memory are still served; check that the database is up and the query is right");
    }
}
