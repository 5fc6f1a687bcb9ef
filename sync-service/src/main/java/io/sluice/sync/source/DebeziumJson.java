package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import io.sluice.sync.source.JsonRecords.Place;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What Debezium's MySQL connector writes with the JSON converter, with the schema beside each record or without. One
 * record is one row, a definition statement (in the topic named by {@code topic.prefix}), or noise.
 *
 * <p>What is not evident in the format:
 *
 * <ul>
 *   <li>the position is the GTID of the one transaction ({@code source.gtid}), not a set of all before it. A stamp that
 *       contains it reflects the change, so it fences as well as a set; it does not say how far the stream has come;
 *   <li>a changed primary key is a {@code d} and a {@code c}; a delete is followed by a record without value;
 *   <li>TRUNCATE is written only with {@code skipped.operations=none};
 *   <li>a snapshot tells rows as they are, and not which went while nobody looked. Where one begins or ends, everything
 *       is removed.
 * </ul>
 *
 * <p>Safe for use by many threads. Invariant: a record that passes names every row it changed, or its table as
 * unmappable.
 */
public final class DebeziumJson implements ChangeSource {
    private static final DecodedRecord NOTHING = new DecodedRecord("", List.of());
    private static final RowChange BEFORE_SNAPSHOT =
            new RowChange.Unmappable("", "", "a snapshot tells what is there now, and not what changed before it");

    private static final Set<String> HEARTBEAT = Set.of("ts_ms");

    private final JsonRecords records;
    private final ColumnTypes declared;

    /** Records of more than {@code maxBytes} bytes are malformed; {@code declared} is for records without schema. */
    public DebeziumJson(int maxBytes, ColumnTypes declared) {
        this.declared = requireNonNull(declared, "declared is null");
        this.records = new JsonRecords(maxBytes, places());
    }

    private static Map<String, Place> places() {
        Map<String, Place> places = new HashMap<>();
        for (String root : List.of("", "/payload")) {
            places.put(root + "/source/db", Place.DATABASE);
            places.put(root + "/source/table", Place.TABLE);
            places.put(root + "/source/gtid", Place.POSITION);
        }
        return places;
    }

    @Override
    public DecodedRecord decode(byte[] value) throws MalformedRecordException {
        if (value.length == 0) {
            // After a delete, for compaction.
            return NOTHING;
        }
        JsonNode root = records.read(value);
        boolean enveloped = root.has("payload") && root.has("schema");
        JsonNode payload = enveloped ? root.path("payload") : root;
        if (payload.isNull()) {
            return NOTHING;
        }
        JsonNode source = payload.path("source");
        if (payload.path("op").isString() && source.isObject()) {
            JsonNode schema = enveloped ? root.path("schema") : null;
            return new DecodedRecord(text(source, "gtid"), changes(payload, source, schema, value));
        }
        if (payload.path("ddl").isString() && source.isObject()) {
            return new DecodedRecord(text(source, "gtid"), List.of(definition(payload, source)));
        }
        if (isNoise(payload)) {
            return NOTHING;
        }
        throw records.malformed(
                Kind.UNEXPECTED_SHAPE,
                "it is no change event of Debezium's: the connector must write them unchanged, without a transform such"
                        + " as ExtractNewRecordState",
                value);
    }

    /** A heartbeat, or the beginning or end of a transaction. */
    private static boolean isNoise(JsonNode payload) {
        return payload.isObject()
                && (Set.copyOf(payload.propertyNames()).equals(HEARTBEAT)
                        || (payload.path("status").isString()
                                && payload.path("id").isString()));
    }

    private List<RowChange> changes(JsonNode payload, JsonNode source, @Nullable JsonNode schema, byte[] value)
            throws MalformedRecordException {
        String database = text(source, "db");
        String table = text(source, "table");
        if (database.isEmpty() || table.isEmpty()) {
            throw records.malformed(Kind.UNEXPECTED_SHAPE, "its source does not name the table", value);
        }
        DebeziumRow row = new DebeziumRow(database, table, schema, declared.of(database, table));
        JsonNode before = payload.path("before");
        JsonNode after = payload.path("after");
        return switch (text(payload, "op")) {
            case "c" -> List.of(row.insert(after));
            case "r" -> snapshot(row.insert(after), text(source, "snapshot"));
            case "u" -> List.of(row.update(before, after));
            case "d" -> List.of(row.delete(before));
            case "t" -> List.of(new RowChange.Unmappable(database, table, "the table was truncated"));
            default -> throw records.malformed(Kind.UNKNOWN_TYPE, "its \"op\" is not one of Debezium's", value);
        };
    }

    /** What it says of tables is not all that its text names. */
    private static RowChange definition(JsonNode payload, JsonNode source) {
        String snapshot = text(source, "snapshot");
        return snapshot.isEmpty() || snapshot.equals("false") || snapshot.equals("incremental")
                ? new RowChange.Definition(text(payload, "databaseName"), "", text(payload, "ddl"))
                : BEFORE_SNAPSHOT;
    }

    private static List<RowChange> snapshot(RowChange row, String mark) {
        List<RowChange> changes = new ArrayList<>();
        if (mark.equals("first") || mark.equals("last")) {
            changes.add(BEFORE_SNAPSHOT);
        }
        changes.add(row);
        return changes;
    }

    private static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() ? value.stringValue() : "";
    }
}
