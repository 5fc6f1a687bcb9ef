package io.sluice.cli.rules;

import io.sluice.mapping.Finding;
import io.sluice.mapping.Group;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the server prepare every load query: it says which table, column or privilege is missing better than anybody
 * else, and runs nothing. Stateless.
 */
final class LoadPreparation {
    private LoadPreparation() {}

    static List<Finding> check(Rules rules, Source source, Connection connection) {
        List<Finding> findings = new ArrayList<>();
        for (Group group : rules.groups().values()) {
            if (group.load() == null || !group.source().equals(source.name())) {
                continue;
            }
            String place = "groups." + group.name();
            prepare(group.load().jdbcSql(), place + ".load", connection, findings);
            if (group.batchLoad() != null) {
                prepare(group.batchLoad().jdbcSql(2), place + ".batch-load", connection, findings);
            }
        }
        return findings;
    }

    private static void prepare(String sql, String place, Connection connection, List<Finding> findings) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.getMetaData();
        } catch (SQLException e) {
            findings.add(new Finding(
                    Finding.Severity.ERROR,
                    "load-refused",
                    place,
                    "the server refuses the query: " + e.getMessage(),
                    ""));
        }
    }
}
