package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the images of one record of Debezium's. For one record and one thread. */
final class DebeziumRow {
    private final String database;
    private final String table;
    private final @Nullable JsonNode schema;
    private final Map<String, MysqlType> declared;
    private final RowImage row = new RowImage();

    /** Without {@code schema} the declared types must do. */
    DebeziumRow(String database, String table, @Nullable JsonNode schema, Map<String, MysqlType> declared) {
        this.database = requireNonNull(database, "database is null");
        this.table = requireNonNull(table, "table is null");
        this.schema = schema;
        this.declared = requireNonNull(declared, "declared is null");
    }

    RowChange insert(JsonNode after) {
        Map<String, @Nullable String> data = image(after, "after");
        return data.isEmpty() ? unmappable("the row after") : RowChange.insert(database, table, row.types(), data);
    }

    RowChange delete(JsonNode before) {
        Map<String, @Nullable String> data = image(before, "before");
        return data.isEmpty() ? unmappable("the row before") : RowChange.delete(database, table, row.types(), data);
    }

    RowChange update(JsonNode before, JsonNode after) {
        Map<String, @Nullable String> data = image(after, "after");
        Map<String, @Nullable String> old = image(before, "before");
        if (data.isEmpty() || !old.keySet().equals(data.keySet())) {
            return unmappable("the whole row before and after");
        }
        return RowChange.update(database, table, row.types(), data, CanalEntryReader.changed(old, data));
    }

    private RowChange unmappable(String what) {
        return new RowChange.Unmappable(database, table, "the event does not tell " + what);
    }

    private Map<String, @Nullable String> image(JsonNode node, String field) {
        Map<String, @Nullable String> image = new HashMap<>();
        Map<String, DebeziumType> types = types(field);
        for (Map.Entry<String, JsonNode> column : node.properties()) {
            String name = column.getKey();
            JsonNode value = column.getValue();
            DebeziumType type = types.get(name);
            if (type == null) {
                type = DebeziumType.declared(ColumnTypes.in(declared, name), value);
            }
            if (!value.isNull()) {
                row.add(image, name, DebeziumValue.of(type, value));
            } else if (!type.losesValues()) {
                image.put(name, null);
            }
        }
        return image;
    }

    private Map<String, DebeziumType> types(String field) {
        Map<String, DebeziumType> types = new HashMap<>();
        if (schema != null) {
            for (JsonNode image : schema.path("fields")) {
                if (image.path("field").asString("").equals(field)) {
                    for (JsonNode column : image.path("fields")) {
                        String name = column.path("field").asString("");
                        types.put(name, DebeziumType.of(column, ColumnTypes.in(declared, name)));
                    }
                }
            }
        }
        return types;
    }
}
