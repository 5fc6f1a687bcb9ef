package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A query of the rules file: one that loads a value, or finds keys. Immutable.
 *
 * @param sql the text of the rules file, with {@code :name} parameters
 * @param jdbcSql the same with {@code ?}
 * @param parameters the name of each {@code ?} in order; a name may come more than once
 */
public record LoadQuery(String sql, String jdbcSql, List<String> parameters) {
    public LoadQuery {
        requireNonNull(sql, "sql is null");
        requireNonNull(jdbcSql, "jdbcSql is null");
        parameters = List.copyOf(parameters);
    }
}
