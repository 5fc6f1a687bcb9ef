package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From one row to what it makes stale. Stateless.
 *
 * <p>What cannot be told exactly is told coarsely, as a whole group: a column that is not in the image, a type that has
 * no canonical text. A NULL in a key column is not such a case, unless the rule says so: there is no key that such a
 * row could be asked for by.
 *
 * <p>Partial row images ({@code binlog_row_image} MINIMAL or NOBLOB, which any session can set): an UPDATE without any
 * earlier value, or without a column that a rule looks at, removes all groups of the table, because the earlier values
 * of the columns that are there cannot be trusted either. Two cannot be told from a full one: a partial UPDATE that
 * changes the primary key and happens to carry every column of the rules, and with NOBLOB one that changes a TEXT, BLOB
 * or JSON column together with another: its earlier value is left out as if it had not changed.
 */
final class RowMapper {
    private static final String REMEDY = ": set binlog_row_image=FULL, or correct the column in the rules";

    private RowMapper() {}

    static void map(RowChange.Row row, TableRules table, Invalidations result) {
        RowImages images = new RowImages(row);
        boolean update = row.kind() == RowChange.Kind.UPDATE;
        if (update && isPartial(row, images, table, result)) {
            return;
        }
        for (KeyRule rule : table.rules()) {
            if (!rule.when().applies(images)) {
                continue;
            }
            if (update) {
                map(images, RowImages.Side.BEFORE, rule, Cause.UPDATED_BEFORE, result);
            }
            // Without a change of its columns the key is the same again.
            if (!update
                    || rule.key() == null
                    || images.tellsEarlierValueOf(rule.key().columns())) {
                map(images, RowImages.Side.AFTER, rule, after(row.kind()), result);
            }
        }
    }

    /** A NULL is a parameter like any other: what it finds is the query's business. */
    private static void ask(
            RowImages row, RowImages.Side side, KeyRule rule, KeyQuery query, Cause cause, Invalidations result) {
        List<@Nullable String> values = new ArrayList<>();
        for (String column : query.query().parameters()) {
            switch (KeyTemplate.part(new KeyPart(column, List.of()), row, side, rule.canalZone())) {
                case Rendered.Key(String value) -> values.add(value);
                case Rendered.Nothing none -> values.add(null);
                case Rendered.Obstacle(Cause obstacle, String reason) -> {
                    result.addGroup(rule, obstacle, reason);
                    return;
                }
            }
        }
        result.addQuery(rule, new FanOut(query, values), cause);
    }

    private static Cause after(RowChange.Kind kind) {
        return switch (kind) {
            case INSERT -> Cause.INSERTED;
            case UPDATE -> Cause.UPDATED_AFTER;
            case DELETE -> Cause.DELETED;
        };
    }

    private static boolean isPartial(RowChange.Row row, RowImages images, TableRules table, Invalidations result) {
        Cause cause = Cause.PARTIAL_IMAGE;
        String partial = null;
        if (row.old().isEmpty()) {
            partial = "the UPDATE tells no earlier value" + REMEDY;
        } else {
            String column = table.columnMissingIn(images).orElse(null);
            if (column != null) {
                cause = Cause.MISSING_COLUMN;
                partial = "column " + column + " is not in the row image" + REMEDY;
            }
        }
        if (partial == null) {
            return false;
        }
        for (KeyRule rule : table.rules()) {
            result.addGroup(rule, cause, partial);
        }
        return true;
    }

    private static void map(RowImages row, RowImages.Side side, KeyRule rule, Cause cause, Invalidations result) {
        KeyQuery query = rule.query();
        if (query != null) {
            ask(row, side, rule, query, cause, result);
            return;
        }
        KeyTemplate template = rule.key();
        if (template == null) {
            result.addGroup(rule, cause, cause.text());
            return;
        }
        switch (template.render(row, side, rule.canalZone())) {
            case Rendered.Key(String key) -> result.addKey(rule, key, cause);
            case Rendered.Obstacle(Cause obstacle, String reason) -> result.addGroup(rule, obstacle, reason);
            case Rendered.Nothing(String column) -> {
                if (rule.clearOnNull()) {
                    result.addGroup(
                            rule,
                            Cause.NULL_IN_KEY,
                            "column " + column + " is NULL, and the rule says null-key: clear");
                }
            }
        }
    }
}
