package io.sluice.sync.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the fields of one Canal flat message from a JSON parser, in whatever order they come. For one message and one
 * thread. Strict about shape: a value of another shape than Canal's is an error; unknown fields are skipped.
 *
 * <p>Invariant: the fields read before an error stay in {@link #message}, so that the table of a broken record is known
 * whenever the record got as far.
 */
final class CanalReader {
    private final JsonParser parser;
    private final boolean skipRows;
    private final CanalMessage message = new CanalMessage();

    /** With {@code skipRows} only the scalar fields are read, in constant memory. */
    CanalReader(JsonParser parser, boolean skipRows) {
        this.parser = parser;
        this.skipRows = skipRows;
    }

    CanalMessage message() {
        return message;
    }

    /** Reads the one object that the input must be. */
    void read() throws ShapeException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ShapeException("it is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            readField(field);
        }
        if (parser.nextToken() != null) {
            throw new ShapeException("something follows the JSON object");
        }
    }

    private void readField(String field) throws ShapeException {
        switch (field) {
            case "database" -> message.database = text(field);
            case "table" -> message.table = text(field);
            case "type" -> message.type = text(field);
            case "sql" -> message.sql = text(field);
            case "gtid" -> message.gtid = text(field);
            case "isDdl" -> message.definition = bool(field);
            case "mysqlType" -> message.types = types(field);
            case "data" -> message.data = rows(field);
            case "old" -> message.old = rows(field);
            default -> parser.skipChildren();
        }
    }

    private String text(String field) throws ShapeException {
        String text = scalar(field);
        return text == null ? "" : text;
    }

    private @Nullable String scalar(String field) throws ShapeException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == null || !token.isScalarValue()) {
            throw new ShapeException("\"" + field + "\" is not a text");
        }
        return parser.getString();
    }

    private boolean bool(String field) throws ShapeException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new ShapeException("\"" + field + "\" is not true or false");
        };
    }

    private Map<String, String> types(String field) throws ShapeException {
        Map<String, @Nullable String> read = skipRows ? null : object(field);
        Map<String, String> types = new HashMap<>();
        if (skipRows) {
            parser.skipChildren();
        } else if (read != null) {
            read.forEach((column, type) -> {
                if (type != null) {
                    types.put(column, type);
                }
            });
        }
        return types;
    }

    private @Nullable List<@Nullable Map<String, @Nullable String>> rows(String field) throws ShapeException {
        if (skipRows) {
            parser.skipChildren();
            return null;
        }
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new ShapeException("\"" + field + "\" is not a list of rows");
        }
        List<@Nullable Map<String, @Nullable String>> rows = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            rows.add(object(field));
        }
        return rows;
    }

    private @Nullable Map<String, @Nullable String> object(String field) throws ShapeException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new ShapeException("\"" + field + "\" holds something else than columns");
        }
        Map<String, @Nullable String> columns = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String column = parser.currentName();
            parser.nextToken();
            columns.put(column, scalar(field));
        }
        return columns;
    }

    /** JSON, but not of Canal's shape; the message says where, without any value. */
    static final class ShapeException extends Exception {
        ShapeException(String message) {
            super(message);
        }
    }
}
