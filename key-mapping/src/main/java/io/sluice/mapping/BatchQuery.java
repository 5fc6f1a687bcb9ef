package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;

/**
 * The query that loads the values of several keys at once: {@code WHERE id IN (:keys)}, or for keys of several columns
 * {@code WHERE (a, b) IN (:keys)} with the columns in the order of the key. Immutable.
 *
 * @param sql the text of the rules file
 * @param pieces the text for JDBC around each place of the keys; at least two
 * @param columns how many columns a key has
 */
public record BatchQuery(String sql, List<String> pieces, int columns) {
    public BatchQuery {
        requireNonNull(sql, "sql is null");
        pieces = List.copyOf(pieces);
        if (pieces.size() < 2 || columns < 1) {
            throw new IllegalArgumentException("a batch load has a place for its keys");
        }
    }

    /** The text for JDBC with room for that many keys at each place. */
    public String jdbcSql(int keys) {
        String key = columns == 1 ? "?" : "(" + String.join(", ", Collections.nCopies(columns, "?")) + ")";
        return String.join(String.join(", ", Collections.nCopies(keys, key)), pieces);
    }

    /** How many places there are; each takes all keys. */
    public int places() {
        return pieces.size() - 1;
    }
}
