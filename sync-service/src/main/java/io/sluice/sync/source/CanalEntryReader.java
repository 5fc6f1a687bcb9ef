package io.sluice.sync.source;

import com.alibaba.otter.canal.protocol.CanalEntry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.mapping.RowChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one entry of Canal's protobuf says. Stateless. Values are the texts of the flat JSON; unlike there, both images
 * are complete, so that a partial one ({@code binlog_row_image} MINIMAL or NOBLOB) shows by its columns.
 */
final class CanalEntryReader {
    private CanalEntryReader() {}

    /** Begin and end of a transaction, its GTID, heartbeats: no change. */
    static boolean isMark(CanalEntry.Entry entry) {
        return switch (entry.getEntryType()) {
            case TRANSACTIONBEGIN, TRANSACTIONEND, HEARTBEAT, GTIDLOG -> true;
            default -> false;
        };
    }

    /**
     * The position of the entry's transaction. The rows of an XA transaction came when it was prepared, and can be read
     * later than its commit says: that has none, so that nodes hold for a while.
     */
    static String position(CanalEntry.Entry entry) {
        CanalEntry.Header header = entry.getHeader();
        return header.getEventType() == CanalEntry.EventType.XACOMMIT ? "" : header.getGtid();
    }

    static List<RowChange> changes(CanalEntry.Entry entry) {
        if (isMark(entry)) {
            return List.of();
        }
        CanalEntry.Header header = entry.getHeader();
        try {
            return changes(header, CanalEntry.RowChange.parseFrom(entry.getStoreValue()));
        } catch (InvalidProtocolBufferException e) {
            return List.of(unmappable(header, "the entry is no protobuf message of Canal's"));
        }
    }

    private static List<RowChange> changes(CanalEntry.Header header, CanalEntry.RowChange change) {
        String database = header.getSchemaName();
        String table = header.getTableName();
        if (change.getIsDdl()) {
            return definitions(header, change);
        }
        return switch (change.getEventType()) {
            case INSERT, UPDATE, DELETE ->
                change.getRowDatasCount() == 0
                        ? List.of(new RowChange.Statement(database, table, change.getSql()))
                        : rows(header, change);
            case CREATE, ALTER, ERASE, TRUNCATE, RENAME, CINDEX, DINDEX ->
                List.of(new RowChange.Definition(database, table, change.getSql()));
            // Only the text of a change whose rows come as well, and session variables.
            case QUERY, XAROLLBACK, GTID, MHEARTBEAT -> List.of();
            case XACOMMIT -> List.of(new RowChange.Unmappable("", "", "an XA transaction was committed"));
            default -> List.of(unmappable(header, "an event of an unknown type"));
        };
    }

    /** Names in the text belong to the session's database, which need not be that of the table Canal names. */
    private static List<RowChange> definitions(CanalEntry.Header header, CanalEntry.RowChange change) {
        String session = change.getDdlSchemaName();
        String database = header.getSchemaName();
        RowChange named = new RowChange.Definition(database, header.getTableName(), change.getSql());
        return session.isEmpty() || session.equals(database)
                ? List.of(named)
                : List.of(named, new RowChange.Definition(session, "", change.getSql()));
    }

    private static List<RowChange> rows(CanalEntry.Header header, CanalEntry.RowChange change) {
        if (header.getSchemaName().isEmpty() || header.getTableName().isEmpty()) {
            return List.of(unmappable(header, "rows of a table that is not named"));
        }
        List<RowChange> rows = new ArrayList<>(change.getRowDatasCount());
        for (CanalEntry.RowData row : change.getRowDatasList()) {
            rows.add(row(header, change.getEventType(), row));
        }
        return rows;
    }

    private static RowChange row(CanalEntry.Header header, CanalEntry.EventType event, CanalEntry.RowData row) {
        boolean delete = event == CanalEntry.EventType.DELETE;
        Map<String, String> types = new HashMap<>();
        Map<String, @Nullable String> data =
                image(delete ? row.getBeforeColumnsList() : row.getAfterColumnsList(), types);
        if (data.isEmpty()) {
            return unmappable(header, "a row without columns");
        }
        String database = header.getSchemaName();
        String table = header.getTableName();
        if (event == CanalEntry.EventType.INSERT) {
            return RowChange.insert(database, table, types, data);
        }
        if (delete) {
            return RowChange.delete(database, table, types, data);
        }
        Map<String, @Nullable String> before = image(row.getBeforeColumnsList(), types);
        return before.keySet().equals(data.keySet())
                ? RowChange.update(database, table, types, data, changed(before, data))
                : unmappable(header, "an UPDATE without the whole row before (binlog_row_image is not FULL)");
    }

    private static Map<String, @Nullable String> image(List<CanalEntry.Column> columns, Map<String, String> types) {
        Map<String, @Nullable String> image = new HashMap<>();
        for (CanalEntry.Column column : columns) {
            image.put(column.getName(), column.getIsNull() ? null : column.getValue());
            if (!column.getMysqlType().isEmpty()) {
                types.put(column.getName(), column.getMysqlType());
            }
        }
        return image;
    }

    /** The earlier values of what changed; of a change that shows in no column, all of them. */
    static Map<String, @Nullable String> changed(
            Map<String, @Nullable String> before, Map<String, @Nullable String> after) {
        Map<String, @Nullable String> changed = new HashMap<>(before);
        changed.entrySet().removeIf(column -> Objects.equals(column.getValue(), after.get(column.getKey())));
        return changed.isEmpty() ? before : changed;
    }

    static RowChange unmappable(CanalEntry.Header header, String reason) {
        return new RowChange.Unmappable(header.getSchemaName(), header.getTableName(), reason);
    }
}
