package io.sluice.mapping;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From one row to the keys it makes stale. Stateless.
 *
 * <p>What cannot be told exactly is told coarsely, as a whole group: a column that is not in the image, a type that has
 * no canonical text. A NULL in a key column is not such a case: there is no key that such a row could be asked for by.
 *
 * <p>Partial row images ({@code binlog_row_image} MINIMAL or NOBLOB, which any session can set): an UPDATE without any
 * earlier value, or without a column that a rule looks at, removes all groups of the table, because the earlier values
 * of the columns that are there cannot be trusted either. A partial UPDATE that changes the primary key and happens to
 * carry every column of the rules cannot be told from a full one.
 */
final class RowMapper {
    private static final String REMEDY = ": set binlog_row_image=FULL, or correct the column in the rules";

    private RowMapper() {}

    static void map(RowChange.Row row, TableRules table, Invalidations result) {
        RowImages images = new RowImages(row);
        if (row.kind() == RowChange.Kind.UPDATE) {
            String partial = row.old().isEmpty()
                    ? "the UPDATE tells no earlier value"
                    : table.columnMissingIn(images).map(RowMapper::missing).orElse(null);
            if (partial != null) {
                table.groups().forEach(group -> result.addGroup(group, partial + REMEDY));
                return;
            }
        }
        for (KeyRule rule : table.rules()) {
            if (rule.when().applies(images)) {
                if (row.kind() == RowChange.Kind.UPDATE) {
                    map(images, RowImages.Side.BEFORE, rule, result);
                }
                map(images, RowImages.Side.AFTER, rule, result);
            }
        }
    }

    private static void map(RowImages row, RowImages.Side side, KeyRule rule, Invalidations result) {
        Map<String, @Nullable String> values = new HashMap<>();
        String obstacle = null;
        for (String column : rule.key().columns()) {
            if (!row.has(column)) {
                obstacle = missing(column);
                continue;
            }
            String value = row.value(side, column);
            if (value == null) {
                return;
            }
            switch (canonical(row.type(column), value)) {
                case Canonical.Text(String text) -> values.put(column, text);
                case Canonical.Refused(String reason) -> obstacle = "column " + column + ": " + reason;
            }
        }
        if (obstacle == null) {
            rule.key().render(values).ifPresent(key -> result.addKey(rule.group(), key));
        } else {
            result.addGroup(rule.group(), obstacle);
        }
    }

    private static Canonical canonical(@Nullable String type, String value) {
        return type == null
                ? new Canonical.Refused("the message does not tell its MySQL type")
                : CanonicalText.fromCanal(type, value);
    }

    private static String missing(String column) {
        return "column " + column + " is not in the row image";
    }
}
