package io.sluice.sync.source;

import java.util.ArrayList;
import java.util.Collections;
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
    private final MessageText text;
    private final TypeTexts knownTypes;
    private final boolean skipRows;
    private final RowBuilder row;
    private final CanalMessage message = new CanalMessage();

    /** With {@code skipRows} only the scalar fields are read, in constant memory. */
    CanalReader(JsonParser parser, MessageText text, TypeTexts knownTypes, boolean skipRows) {
        this.parser = parser;
        this.text = text;
        this.knownTypes = knownTypes;
        this.skipRows = skipRows;
        this.row = new RowBuilder(text);
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
        if (skipRows) {
            parser.skipChildren();
            return Map.of();
        }
        int from = text.isPlain() ? (int) parser.currentTokenLocation().getByteOffset() : 0;
        Map<String, @Nullable String> read = object(field);
        if (read == null || !text.isPlain()) {
            return read == null ? Map.of() : typed(read);
        }
        int end = (int) parser.currentLocation().getByteOffset();
        Map<String, String> known = knownTypes.find(text.bytes(), from, end);
        if (known == null) {
            known = typed(read);
            knownTypes.remember(text.bytes(), from, end, known);
        }
        return known;
    }

    private static Map<String, String> typed(Map<String, @Nullable String> read) {
        Map<String, String> types = new HashMap<>();
        read.forEach((column, type) -> {
            if (type != null) {
                types.put(column, type);
            }
        });
        return Collections.unmodifiableMap(types);
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
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String column = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING && text.isPlain()) {
                row.add(column, (int) parser.currentTokenLocation().getByteOffset());
            } else {
                row.add(column, scalar(field));
            }
        }
        return row.build();
    }

    /** JSON, but not of Canal's shape; the message says where, without any value. */
    static final class ShapeException extends Exception {
        ShapeException(String message) {
            super(message);
        }
    }
}
