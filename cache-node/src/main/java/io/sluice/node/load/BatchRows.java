package io.sluice.node.load;

import io.grpc.StatusRuntimeException;
import io.sluice.mapping.Group;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one batch load, distributed to their keys.
 *
 * <p>Not thread-safe: one for each batch load.
 */
final class BatchRows {
    /** One key's rows so far. */
    private final class Value {
        private final RowValue rows = RowValue.of(group);
        private int count;
        private @Nullable StatusRuntimeException failure;
    }

    private final Group group;
    private final LoadSettings settings;
    private final LoadRefusals refusals;
    private final Map<String, Value> values = new HashMap<>();
    private boolean strangers;
    private int rows;
    private long bytes;

    BatchRows(Group group, LoadSettings settings, LoadRefusals refusals) {
        this.group = group;
        this.settings = settings;
        this.refusals = refusals;
    }

    /**
     * Takes all rows.
     *
     * @return false when there are more than a batch may bring, so that its keys must be loaded one by one
     */
    boolean read(ResultSet from, BatchColumns keys, Map<String, Map<String, String>> asked) throws SQLException {
        ResultSetMetaData columns = from.getMetaData();
        while (from.next()) {
            String key = keys.keyOf(from, columns);
            if (key == null || !asked.containsKey(key)) {
                strangers = true;
            } else {
                add(values.computeIfAbsent(key, any -> new Value()), from, columns);
            }
            if (++rows > mostRows(asked.size()) || bytes > mostBytes()) {
                return false;
            }
        }
        return true;
    }

    private long mostRows(int keys) {
        return Math.max(settings.rows(), 2L * keys);
    }

    /** More could not be answered in one batch anyway. */
    private long mostBytes() {
        return 4L * settings.valueBytes();
    }

    private void add(Value value, ResultSet row, ResultSetMetaData columns) throws SQLException {
        if (value.failure != null) {
            return;
        }
        if (++value.count > (group.many() ? settings.rows() : 1)) {
            value.failure = refusals.tooManyRows();
            return;
        }
        int before = value.rows.size();
        try {
            value.rows.append(row, columns);
        } catch (StatusRuntimeException e) {
            value.failure = e;
            return;
        }
        bytes += value.rows.size() - before;
        if (value.rows.size() > settings.valueBytes()) {
            value.failure = refusals.tooLarge();
        }
    }

    /** Whether the query returned nothing at all. */
    boolean isEmpty() {
        return rows == 0;
    }

    /** Whether it returned rows of keys that were not asked for. */
    boolean hasStrangers() {
        return strangers;
    }

    /**
     * What came of a key; null when there is no row of it.
     *
     * @param keepable whether what came may be kept, given that each row renders to the key
     */
    @Nullable LoadOutcome of(String key, LoadStamp stamp, long startNanos, boolean keepable) {
        Value value = values.get(key);
        if (value == null) {
            return null;
        }
        return value.failure != null
                ? new LoadOutcome.Failure(value.failure)
                : new LoadOutcome.Success(new Loaded(true, value.rows.finish(), stamp, startNanos, keepable));
    }
}
