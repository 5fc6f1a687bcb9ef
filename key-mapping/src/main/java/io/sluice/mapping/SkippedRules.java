package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;

/** Says why rules of a row's table ask for nothing. Stateless. */
final class SkippedRules {
    private SkippedRules() {}

    static List<Explanation.Skipped> of(RowChange.Row row, TableRules table) {
        if (table.rules().isEmpty()) {
            return List.of(new Explanation.Skipped(
                    "", "", "no rule speaks of table " + new TableName(row.database(), row.table())));
        }
        RowImages images = new RowImages(row);
        List<Explanation.Skipped> skipped = new ArrayList<>();
        for (KeyRule rule : table.rules()) {
            if (!rule.when().applies(images)) {
                skipped.add(
                        skipped(rule, "its condition is not met: " + rule.when().text()));
            } else if (rule.key() != null && !rule.clearOnNull()) {
                boolean update = row.kind() == RowChange.Kind.UPDATE;
                addNull(rule, rule.key(), images, RowImages.Side.AFTER, update ? "after" : "in the row", skipped);
                if (update) {
                    addNull(rule, rule.key(), images, RowImages.Side.BEFORE, "before", skipped);
                }
            }
        }
        return skipped;
    }

    private static void addNull(
            KeyRule rule,
            KeyTemplate key,
            RowImages row,
            RowImages.Side side,
            String where,
            List<Explanation.Skipped> skipped) {
        if (key.render(row, side, rule.canalZone()) instanceof Rendered.Nothing(String column)) {
            skipped.add(skipped(
                    rule, "column " + column + " is NULL or empty " + where + ", so no key could be asked for"));
        }
    }

    private static Explanation.Skipped skipped(KeyRule rule, String reason) {
        return new Explanation.Skipped(rule.id(), rule.group(), reason);
    }
}
