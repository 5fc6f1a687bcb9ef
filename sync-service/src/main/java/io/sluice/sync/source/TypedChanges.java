package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills in declared column types where a record tells none, as some dialects of Canal's JSON do not. Safe for use by
 * many threads. Invariant: what the record tells wins.
 */
final class TypedChanges implements ChangeSource {
    private final ChangeSource source;
    private final ColumnTypes declared;

    TypedChanges(ChangeSource source, ColumnTypes declared) {
        this.source = requireNonNull(source, "source is null");
        this.declared = requireNonNull(declared, "declared is null");
    }

    @Override
    public DecodedRecord decode(byte[] value) throws MalformedRecordException {
        DecodedRecord record = source.decode(value);
        return new DecodedRecord(
                record.position(), record.changes().stream().map(this::typed).toList(), record.later());
    }

    private RowChange typed(RowChange change) {
        if (!(change instanceof RowChange.Row row)) {
            return change;
        }
        Map<String, MysqlType> table = declared.of(row.database(), row.table());
        if (table.isEmpty()) {
            return row;
        }
        Map<String, String> types = new HashMap<>(row.types());
        for (String column : row.data().keySet()) {
            @Nullable MysqlType type = ColumnTypes.in(table, column);
            if (type != null) {
                types.putIfAbsent(column, type.text());
            }
        }
        return switch (row.kind()) {
            case INSERT -> RowChange.insert(row.database(), row.table(), types, row.data());
            case UPDATE -> RowChange.update(row.database(), row.table(), types, row.data(), row.old());
            case DELETE -> RowChange.delete(row.database(), row.table(), types, row.data());
        };
    }
}
