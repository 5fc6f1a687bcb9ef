package io.sluice.bench.mapping;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.mapping.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Canal message as an application would declare it for jackson-databind: what its own FlatMessage class has. */
@JsonIgnoreProperties(ignoreUnknown = true)
record FlatMessage(
        String database,
        String table,
        String type,
        @JsonProperty("isDdl") boolean definition,
        String gtid,
        Map<String, String> mysqlType,
        List<Map<String, @Nullable String>> data,
        @Nullable List<Map<String, @Nullable String>> old) {

    /** What the rules are asked, for sound messages with rows only. */
    List<RowChange> changes() {
        List<RowChange> changes = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            changes.add(
                    switch (type) {
                        case "INSERT" -> RowChange.insert(database, table, mysqlType, data.get(i));
                        case "DELETE" -> RowChange.delete(database, table, mysqlType, data.get(i));
                        default ->
                            RowChange.update(
                                    database, table, mysqlType, data.get(i), old == null ? Map.of() : old.get(i));
                    });
        }
        return changes;
    }
}
