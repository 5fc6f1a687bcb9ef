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
            try (PreparedStatement statement =
                    connection.prepareStatement(group.load().jdbcSql())) {
                statement.getMetaData();
            } catch (SQLException e) {
                findings.add(new Finding(
                        Finding.Severity.ERROR,
                        "load-refused",
                        "groups." + group.name() + ".load",
                        "the server refuses the query: " + e.getMessage(),
                        ""));
            }
        }
        return findings;
    }
}
