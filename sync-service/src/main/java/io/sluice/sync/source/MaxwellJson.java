package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import io.sluice.sync.source.JsonRecords.Place;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Maxwell's JSON. One record is one row, or a definition statement where Maxwell runs with {@code output_ddl}.
 *
 * <p>What is not evident in the format:
 *
 * <ul>
 *   <li>{@code gtid} is there with {@code output_gtid_position} only, and is the GTID of the one transaction;
 *   <li>{@code old} has the changed columns only. With {@code binlog_row_image=MINIMAL} it is missing, and {@code data}
 *       holds the key from before;
 *   <li>no types: {@link MaxwellValue} says what a value tells by itself;
 *   <li>TRUNCATE is never written.
 * </ul>
 *
 * <p>Safe for use by many threads. Invariant: a record that passes names every row it changed, or its table as
 * unmappable.
 */
public final class MaxwellJson implements ChangeSource {
    private static final Map<String, Place> PLACES =
            Map.of("/database", Place.DATABASE, "/table", Place.TABLE, "/gtid", Place.POSITION);

    private final JsonRecords records;
    private final ColumnTypes declared;

    /** Records of more than {@code maxBytes} bytes are malformed. */
    public MaxwellJson(int maxBytes, ColumnTypes declared) {
        this.declared = requireNonNull(declared, "declared is null");
        this.records = new JsonRecords(maxBytes, PLACES);
    }

    @Override
    public DecodedRecord decode(byte[] value) throws MalformedRecordException {
        JsonNode root = records.read(value);
        if (!root.isObject() || !root.path("type").isString()) {
            throw records.malformed(Kind.UNEXPECTED_SHAPE, "it is no record of Maxwell's", value);
        }
        return new DecodedRecord(text(root, "gtid"), changes(root, value));
    }

    private List<RowChange> changes(JsonNode root, byte[] value) throws MalformedRecordException {
        String type = text(root, "type");
        return switch (type) {
            // A bootstrap tells rows as they are; where it was asked for, they are to be read anew.
            case "insert", "update", "delete", "bootstrap-insert" -> List.of(row(root, type, value));
            case "bootstrap-start", "bootstrap-complete" -> List.of();
            case "table-create", "table-alter", "table-drop", "database-create", "database-alter", "database-drop" ->
                List.of(new RowChange.Definition(text(root, "database"), text(root, "table"), text(root, "sql")));
            default -> throw records.malformed(Kind.UNKNOWN_TYPE, "its \"type\" is not one of Maxwell's", value);
        };
    }

    private RowChange row(JsonNode root, String type, byte[] value) throws MalformedRecordException {
        String database = text(root, "database");
        String table = text(root, "table");
        if (database.isEmpty() || table.isEmpty()) {
            throw records.malformed(Kind.UNEXPECTED_SHAPE, "it does not name its database and table", value);
        }
        RowImage row = new RowImage();
        Map<String, MysqlType> types = declared.of(database, table);
        Map<String, @Nullable String> data = image(row, root.path("data"), types);
        if (data.isEmpty()) {
            return new RowChange.Unmappable(database, table, "a row without columns, or encrypted");
        }
        if (!type.equals("update")) {
            return type.equals("delete")
                    ? RowChange.delete(database, table, row.types(), data)
                    : RowChange.insert(database, table, row.types(), data);
        }
        Map<String, @Nullable String> old = image(row, root.path("old"), types);
        return old.isEmpty()
                ? new RowChange.Unmappable(
                        database, table, "an UPDATE without the row before (binlog_row_image is not FULL)")
                : RowChange.update(database, table, row.types(), data, old);
    }

    private static Map<String, @Nullable String> image(RowImage row, JsonNode node, Map<String, MysqlType> types) {
        Map<String, @Nullable String> image = new HashMap<>();
        for (Map.Entry<String, JsonNode> column : node.properties()) {
            if (column.getValue().isNull()) {
                image.put(column.getKey(), null);
            } else {
                MysqlType type = ColumnTypes.in(types, column.getKey());
                row.add(image, column.getKey(), MaxwellValue.of(type, column.getValue()));
            }
        }
        return image;
    }

    private static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() ? value.stringValue() : "";
    }
}
