package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatementMapperTest {
    private final Rules rules = Rules.parse("rules.yaml", """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice }
            groups:
              student: { source: app, key: "{id}" }
              class: { source: app, key: "{id}" }
              invoice: { source: app, key: "{id}" }
            invalidate:
              - { table: app.students, keys: [ { group: student, key: "{id}" } ] }
              - { table: app.classes, keys: [ { group: class, key: "{id}" } ] }
              - { table: billing.invoices, keys: [ { group: invoice, key: "{id}" } ] }
            """, Map.of());

    private List<String> definition(String database, String table, String sql) {
        return groups(new RowChange.Definition(database, table, sql));
    }

    private List<String> groups(RowChange change) {
        return rules.invalidations(change).stream()
                .peek(one -> assertThat(one.scope()).isEqualTo(Invalidation.Scope.GROUP))
                .map(Invalidation::group)
                .sorted()
                .toList();
    }

    @Test
    void definitionOfOneTableRemovesItsGroups() {
        assertThat(definition("app", "students", "TRUNCATE TABLE students")).containsExactly("student");
        assertThat(definition("app", "students", "alter table `students` add column x int"))
                .containsExactly("student");
        assertThat(rules.invalidations(new RowChange.Definition("app", "students", "TRUNCATE TABLE students")))
                .containsExactly(new Invalidation(
                        "student",
                        Invalidation.Scope.GROUP,
                        "",
                        Cause.DEFINITION,
                        "a data definition statement (DDL) may have touched app.students",
                        "",
                        Duration.ZERO));
    }

    @Test
    void definitionThatMayNameMoreTablesRemovesTheGroupsOfTheDatabase() {
        assertThat(definition("app", "_students_del", "RENAME TABLE students TO _students_del, _gho TO students"))
                .containsExactly("class", "student");
        assertThat(definition("app", "students", "RENAME TABLE _gho TO students"))
                .containsExactly("class", "student");
        assertThat(definition("app", "students", "DROP TABLE students, x")).containsExactly("class", "student");
        assertThat(definition("app", "students", "ALTER TABLE students EXCHANGE PARTITION p WITH TABLE x"))
                .containsExactly("class", "student");
        assertThat(definition("app", "students", "")).containsExactly("class", "student");
        assertThat(definition("app", "", "DROP DATABASE app")).containsExactly("class", "student");
        assertThat(definition("app", "v_students", "CREATE OR REPLACE VIEW v AS SELECT 1"))
                .containsExactly("class", "student");
        assertThat(definition("", "", "whatever")).containsExactly("class", "invoice", "student");
        assertThat(definition("other", "t", "ALTER TABLE other.t ADD x int")).isEmpty();
    }

    @Test
    void definitionThatNamesATableOfAnotherDatabaseRemovesItsGroups() {
        assertThat(definition("archive", "old_invoices", "RENAME TABLE billing.Invoices TO archive.old_invoices"))
                .containsExactly("invoice");
    }

    @Test
    void statementsWithoutImagesRemoveTheGroupsOfTheTablesTheyName() {
        assertThat(groups(new RowChange.Statement("app", "students", "UPDATE students SET a = 1")))
                .containsExactly("student");
        assertThat(groups(new RowChange.Statement("app", "students", "UPDATE students JOIN classes SET a = 1")))
                .containsExactly("class", "student");
        assertThat(groups(new RowChange.Statement("app", "", "CALL x()"))).containsExactly("class", "student");
        assertThat(groups(new RowChange.Statement("app", "teachers", "DELETE FROM teachers")))
                .isEmpty();
    }
}
