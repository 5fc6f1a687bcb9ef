package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Canonical;
import io.sluice.mapping.KeyTemplate;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the key of each row that a batch load returned: the one that the row itself renders to. Immutable. */
final class BatchColumns {
    private final KeyTemplate template;
    /** Where the query returns each column of the key, in lower case. */
    private final Map<String, Integer> places;

    private BatchColumns(KeyTemplate template, Map<String, Integer> places) {
        this.template = template;
        this.places = places;
    }

    /** Null when the query does not return every column of the key. */
    static @Nullable BatchColumns of(KeyTemplate template, ResultSetMetaData columns) throws SQLException {
        List<String> labels = labels(columns);
        Map<String, Integer> places = new HashMap<>();
        for (String column : template.columns()) {
            String lower = column.toLowerCase(Locale.ROOT);
            int index = labels.indexOf(lower);
            if (index < 0) {
                return null;
            }
            places.put(lower, index + 1);
        }
        return new BatchColumns(template, places);
    }

    /** The names of the columns in lower case, in order. */
    static List<String> labels(ResultSetMetaData columns) throws SQLException {
        List<String> labels = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            labels.add(columns.getColumnLabel(column).toLowerCase(Locale.ROOT));
        }
        return labels;
    }

    /** The key of the row that the result set stands on; null when it renders to none. */
    @Nullable String keyOf(ResultSet row, ResultSetMetaData columns) throws SQLException {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, Integer> place : places.entrySet()) {
            int index = requireNonNull(place.getValue());
            Object value = ColumnValue.of(row, index);
            if (value == null
                    || !(template.partOfResult(place.getKey(), ColumnValue.mysqlType(columns, index), value)
                            instanceof Canonical.Text(String text))) {
                return null;
            }
            texts.put(place.getKey(), text);
        }
        return template.keyOf(column -> texts.get(column.toLowerCase(Locale.ROOT)));
    }
}
