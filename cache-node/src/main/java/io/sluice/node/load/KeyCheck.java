package io.sluice.node.load;

import io.sluice.mapping.Canonical;
import io.sluice.mapping.CanonicalText;
import io.sluice.mapping.KeyTemplate;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells whether a loaded row is the one that the key names, letter by letter.
 *
 * <p>MySQL compares more loosely than a cache does: {@code id = '017'} finds row 17, and {@code name = 'ANN'} finds
 * Ann. A change of that row removes the key that the row itself renders to, so an entry under any other spelling would
 * never be removed. Key columns that the query returns are rendered, with the functions of the key, and compared; for a
 * key column that it does not return, only a canonical integer without a function is trusted, since that has one
 * spelling.
 *
 * <p>Not thread-safe: one for each load.
 */
final class KeyCheck {
    private static final Pattern CANONICAL_INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,19}");

    private record KeyColumn(String name, int index, String mysqlType, boolean loose, String expected) {}

    private final KeyTemplate key;

    private final List<KeyColumn> returned = new ArrayList<>();
    private boolean passed = true;

    /** For a key of the template whose columns have the values {@code parts}. */
    KeyCheck(KeyTemplate key, Map<String, String> parts, ResultSetMetaData columns) throws SQLException {
        this.key = key;
        for (Map.Entry<String, String> part : parts.entrySet()) {
            int index = indexOf(part.getKey(), columns);
            if (index > 0) {
                returned.add(new KeyColumn(
                        part.getKey(),
                        index,
                        ColumnValue.mysqlType(columns, index),
                        isLoose(columns, index),
                        part.getValue()));
            } else {
                passed &= key.hasAsItIs(part.getKey())
                        && CANONICAL_INTEGER.matcher(part.getValue()).matches();
            }
        }
    }

    /** Looks at the row that the result set stands on. */
    void row(ResultSet row) throws SQLException {
        for (KeyColumn column : returned) {
            Object value = ColumnValue.of(row, column.index());
            passed &= value != null
                    && key.partOfResult(column.name(), column.mysqlType(), value) instanceof Canonical.Text(String text)
                    && text.equals(column.expected());
        }
    }

    /** Whether every row so far renders to the key. */
    boolean passed() {
        return passed;
    }

    /**
     * Whether no row at all may be remembered under the key: when the row comes, its own spelling is removed. So the
     * key must be spelled as such a row would render, and the column must not take other spellings for the same.
     */
    boolean passedWithoutRow() {
        boolean canonical = true;
        for (KeyColumn column : returned) {
            String text = column.expected();
            canonical &= !column.loose() && isItsOwnSpelling(column, text) && !text.endsWith(" ");
        }
        return passed && canonical;
    }

    /**
     * Whether several rows may be remembered under the key: when one more comes, its own spelling is removed. So what
     * holds for no row at all holds for a list.
     */
    boolean passedForMoreRows() {
        return passedWithoutRow();
    }

    /** Whether a row with this text in its column would have it in its key. */
    private boolean isItsOwnSpelling(KeyColumn column, String text) {
        Canonical own = key.hasAsItIs(column.name())
                ? CanonicalText.fromCanal(column.mysqlType(), text)
                : key.partOfResult(column.name(), column.mysqlType(), text);
        return own instanceof Canonical.Text(String same) && same.equals(text);
    }

    /** A text column whose collation finds Ann when it is asked for ANN. */
    private static boolean isLoose(ResultSetMetaData columns, int index) throws SQLException {
        return switch (columns.getColumnType(index)) {
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR ->
                !columns.isCaseSensitive(index);
            default -> false;
        };
    }

    /** Column names are case-insensitive in MySQL; 0 when the query does not return the column. */
    private static int indexOf(String name, ResultSetMetaData columns) throws SQLException {
        for (int index = 1; index <= columns.getColumnCount(); index++) {
            if (columns.getColumnLabel(index).equalsIgnoreCase(name)) {
                return index;
            }
        }
        return 0;
    }
}
