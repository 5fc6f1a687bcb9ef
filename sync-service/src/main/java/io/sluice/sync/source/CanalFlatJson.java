package io.sluice.sync.source;

import io.sluice.mapping.RowChange;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Canal's flat JSON ({@code canal.mq.flatMessage=true}). One record is one message: rows of one table, a definition
 * statement, a statement-format change, or noise.
 *
 * <p>What is not evident in the format:
 *
 * <ul>
 *   <li>a DELETE has its row in {@code data}, not in {@code old};
 *   <li>{@code old} of an UPDATE holds the changed columns only and belongs to {@code data} by index. A row whose part
 *       of {@code old} is missing or empty comes from a session with {@code binlog_row_image=MINIMAL}: what it was
 *       before is not known, so it is unmappable;
 *   <li>INSERT, UPDATE or DELETE with {@code data} null was logged as a statement; an empty {@code data} is treated
 *       alike;
 *   <li>{@code gtid} is missing before Canal 1.1.7 and empty unless it runs with GTIDs: no position;
 *   <li>{@code QUERY} that is no definition and names no database is session variables or the text of a statement whose
 *       rows come as well: nothing;
 *   <li>the rows of an XA transaction come when it is prepared, and can be read after {@code XACOMMIT}: that clears
 *       everything, without position, so that nodes also hold for a while.
 * </ul>
 *
 * <p>Values become text when somebody asks for them, so most never do; that the message is sound JSON is known before.
 *
 * <p>Safe for use by many threads; it remembers nothing but what column types mean. Invariant: a record that passes
 * names every row it changed, or its table as unmappable; a record larger than the limit is read in constant memory,
 * for its table only.
 */
public final class CanalFlatJson implements ChangeSource {
    private static final int MAX_NESTING = 16;
    private static final int MAX_NAME_LENGTH = 1_024;

    private final int maxBytes;
    private final JsonFactory json;
    private final TypeTexts knownTypes = new TypeTexts();

    /** Records of more than {@code maxBytes} bytes are malformed. */
    public CanalFlatJson(int maxBytes) {
        this.maxBytes = maxBytes;
        this.json = JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxStringLength(maxBytes)
                        .build())
                .build();
    }

    @Override
    public DecodedRecord decode(byte[] value) throws MalformedRecordException {
        if (value.length == 0) {
            throw new MalformedRecordException(Kind.EMPTY, "the record has no bytes", "", "", "");
        }
        boolean oversized = value.length > maxBytes;
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), value)) {
            CanalReader reader = new CanalReader(parser, new MessageText(json, value), knownTypes, oversized);
            CanalMessage message = reader.message();
            try {
                reader.read();
            } catch (CanalReader.ShapeException e) {
                throw malformed(Kind.UNEXPECTED_SHAPE, String.valueOf(e.getMessage()), message);
            } catch (JacksonException e) {
                // Its own message may quote the record.
                throw malformed(
                        oversized ? Kind.OVERSIZED : Kind.UNPARSABLE,
                        "no valid JSON at byte " + parser.currentLocation().getByteOffset(),
                        message);
            }
            if (oversized) {
                String text = "the record has " + value.length + " bytes, over the limit of " + maxBytes;
                throw malformed(Kind.OVERSIZED, text, message);
            }
            return new DecodedRecord(showsLater(message) ? "" : message.gtid, changes(message));
        }
    }

    private static List<RowChange> changes(CanalMessage message) throws MalformedRecordException {
        if (message.definition) {
            return List.of(new RowChange.Definition(message.database, message.table, message.sql));
        }
        return switch (message.type) {
            case "INSERT", "UPDATE", "DELETE" -> rows(message);
            case "QUERY" ->
                message.table.isEmpty() || message.database.isEmpty()
                        ? List.of()
                        : List.of(new RowChange.Statement(message.database, message.table, message.sql));
            case "XACOMMIT" -> List.of(new RowChange.Unmappable("", "", "an XA transaction was committed"));
            case "XAROLLBACK" -> List.of();
            case "CREATE", "ALTER", "ERASE", "TRUNCATE", "RENAME", "CINDEX", "DINDEX" ->
                List.of(new RowChange.Definition(message.database, message.table, message.sql));
            default -> throw malformed(Kind.UNKNOWN_TYPE, "its \"type\" is not one of Canal's", message);
        };
    }

    private static List<RowChange> rows(CanalMessage message) throws MalformedRecordException {
        if (message.table.isEmpty()) {
            throw malformed(Kind.UNEXPECTED_SHAPE, "\"table\" is missing", message);
        }
        if (message.database.isEmpty()) {
            throw malformed(Kind.UNEXPECTED_SHAPE, "\"database\" is missing", message);
        }
        List<@Nullable Map<String, @Nullable String>> data = dataOf(message);
        if (data == null || data.isEmpty()) {
            return List.of(new RowChange.Statement(message.database, message.table, message.sql));
        }
        List<@Nullable Map<String, @Nullable String>> old = message.old;
        boolean update = message.type.equals("UPDATE");
        if (update && (old == null || old.size() != data.size())) {
            return List.of(unmappable(message, "\"old\" does not match \"data\""));
        }
        List<RowChange> changes = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            changes.add(row(message, data.get(i), update && old != null ? old.get(i) : null));
        }
        return changes;
    }

    /** Some write the row of a DELETE where Canal has the row before an UPDATE. */
    private static @Nullable List<@Nullable Map<String, @Nullable String>> dataOf(CanalMessage message) {
        boolean missing = message.data == null || message.data.isEmpty();
        return missing && message.type.equals("DELETE") ? message.old : message.data;
    }

    /** The rows of an XA transaction came when it was prepared; they can be read later than its commit says. */
    private static boolean showsLater(CanalMessage message) {
        return message.type.equals("XACOMMIT");
    }

    private static RowChange row(
            CanalMessage message,
            @Nullable Map<String, @Nullable String> data,
            @Nullable Map<String, @Nullable String> old) {
        if (data == null || data.isEmpty()) {
            return unmappable(message, "a row without columns");
        }
        return switch (message.type) {
            case "INSERT" -> RowChange.insert(message.database, message.table, message.types, data);
            case "DELETE" -> RowChange.delete(message.database, message.table, message.types, data);
            default ->
                old == null || old.isEmpty()
                        ? unmappable(message, "an UPDATE without the row before (binlog_row_image is not FULL)")
                        : RowChange.update(message.database, message.table, message.types, data, old);
        };
    }

    private static RowChange unmappable(CanalMessage message, String reason) {
        return new RowChange.Unmappable(message.database, message.table, reason);
    }

    private static MalformedRecordException malformed(Kind kind, String text, CanalMessage message) {
        return new MalformedRecordException(kind, text, message.database, message.table, message.gtid);
    }
}
