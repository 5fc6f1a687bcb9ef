package io.sluice.mapping;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A boolean expression in CEL over the row before and after. Immutable and safe for use by many threads.
 *
 * @param text as written
 * @param columns that it looks at
 */
record CelCondition(String text, List<String> columns, CelRuntime.Program program) implements Condition {
    @Override
    public boolean applies(RowImages row) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(CelCompilation.BEFORE, image(row, RowImages.Side.BEFORE));
        variables.put(CelCompilation.AFTER, image(row, RowImages.Side.AFTER));
        variables.put(CelCompilation.CHANGES, changes(row));
        variables.put("inserted", row.kind() == RowChange.Kind.INSERT);
        variables.put("updated", row.kind() == RowChange.Kind.UPDATE);
        variables.put("deleted", row.kind() == RowChange.Kind.DELETE);
        try {
            // What the expression cannot decide, such as NULL > 1 or a column that is not there, applies.
            return !Boolean.FALSE.equals(program.eval(variables));
        } catch (CelEvaluationException e) {
            return true;
        }
    }

    private Map<String, Object> image(RowImages row, RowImages.Side side) {
        Map<String, Object> image = new HashMap<>();
        for (String column : columns) {
            Object value = CelValue.of(row, side, column);
            if (value != null) {
                image.put(column, value);
            }
        }
        return image;
    }

    private Map<String, Boolean> changes(RowImages row) {
        Map<String, Boolean> changes = new HashMap<>();
        for (String column : columns) {
            changes.put(column, row.kind() != RowChange.Kind.UPDATE || row.mayHaveChanged(column));
        }
        return changes;
    }
}
