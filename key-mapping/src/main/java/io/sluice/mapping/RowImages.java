package io.sluice.mapping;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One row change, asked by column. A view of its {@link RowChange.Row}; thread-safety is the row's. */
final class RowImages {
    private final RowChange.Row row;

    RowImages(RowChange.Row row) {
        this.row = row;
    }

    /** Which side of an UPDATE is looked at. */
    enum Side {
        BEFORE,
        AFTER
    }

    RowChange.Kind kind() {
        return row.kind();
    }

    boolean has(String column) {
        return spelling(column) != null;
    }

    /** How the row spells a column; null when it does not have it. */
    @Nullable String spelling(String column) {
        return Columns.spelling(row.data(), column);
    }

    /**
     * The value of a column as the row spells it. The before image is the row overlaid with the earlier values of what
     * changed.
     */
    @Nullable String valueOf(Side side, String spelling) {
        boolean earlier = side == Side.BEFORE && row.old().containsKey(spelling);
        return earlier ? row.old().get(spelling) : row.data().get(spelling);
    }

    /** The MySQL type of a column as the row spells it; null when the message does not say. */
    @Nullable String typeOf(String spelling) {
        return row.types().get(spelling);
    }

    /** Whether one of the columns has a value of its own before the UPDATE. */
    boolean tellsEarlierValueOf(List<String> columns) {
        for (int i = 0; i < columns.size(); i++) {
            String spelling = spelling(columns.get(i));
            if (spelling == null || row.old().containsKey(spelling)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether an UPDATE may have changed the column. Canal lists a column as changed too often at times; equal texts
     * prove the contrary only where a text stands for one value.
     */
    boolean mayHaveChanged(String column) {
        String spelling = spelling(column);
        if (spelling == null) {
            return true;
        }
        if (!row.old().containsKey(spelling)) {
            return false;
        }
        String before = row.old().get(spelling);
        String after = row.data().get(spelling);
        if (before == null || after == null) {
            return !Objects.equals(before, after);
        }
        return !provablyEqual(row.types(), spelling, before, after);
    }

    private static boolean provablyEqual(Map<String, String> types, String column, String before, String after) {
        String type = types.get(column);
        return type != null
                && CanonicalText.fromCanal(type, before) instanceof Canonical.Text(String left)
                && CanonicalText.fromCanal(type, after) instanceof Canonical.Text(String right)
                && left.equals(right);
    }
}
