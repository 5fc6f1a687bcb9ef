package io.sluice.cli.rules;

import io.sluice.mapping.FanOutRule;
import io.sluice.mapping.Finding;
import io.sluice.mapping.Group;
import io.sluice.mapping.KeyQuery;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Has the server prepare every query of the file: it says which table, column or privilege is missing better than
 * anybody else, and runs nothing. Stateless.
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
        for (FanOutRule rule : rules.fanOuts()) {
            if (rule.query().source().name().equals(source.name())) {
                check(rule, connection, findings);
            }
        }
        return findings;
    }

    private static void prepare(String sql, String place, Connection connection, List<Finding> findings) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.getMetaData();
        } catch (SQLException e) {
            findings.add(error("load-refused", place, "the server refuses the query: " + e.getMessage()));
        }
    }

    private static void check(FanOutRule rule, Connection connection, List<Finding> findings) {
        String place = rule.id() + ".query";
        KeyQuery query = rule.query();
        try (PreparedStatement statement =
                connection.prepareStatement(query.query().jdbcSql())) {
            Set<String> returned = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            ResultSetMetaData columns = statement.getMetaData();
            for (int i = 1; columns != null && i <= columns.getColumnCount(); i++) {
                returned.add(columns.getColumnLabel(i));
            }
            for (String column : query.columns()) {
                if (!returned.contains(column)) {
                    findings.add(error(
                            "no-column",
                            place,
                            "returns no column '" + column + "', which the key needs; it returns "
                                    + String.join(", ", returned)));
                }
            }
        } catch (SQLException e) {
            findings.add(error("query-refused", place, "the server refuses the query: " + e.getMessage()));
        }
    }

    private static Finding error(String code, String place, String message) {
        return new Finding(Finding.Severity.ERROR, code, place, message, "");
    }
}
