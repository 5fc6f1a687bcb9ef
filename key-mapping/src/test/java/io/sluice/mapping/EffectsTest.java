package io.sluice.mapping;

import static io.sluice.mapping.School.brief;
import static io.sluice.mapping.School.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What rules can make the cache forget, and in which tables. */
class EffectsTest {
    private static final Map<String, String> TYPES = Map.of("id", "int", "class_id", "int", "parent_id", "int");

    private static Rules rules(String invalidate) {
        return Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice }
                groups:
                  student: { source: app, key: "{id}", tags: ["parent:{id}"] }
                  roster: { source: app, key: "{class_id}" }
                  node: { source: app, key: "{id}" }
                invalidate:
                """ + invalidate, Map.of());
    }

    private static List<String> insert(Rules rules, String database, String table) {
        return brief(rules.invalidations(
                RowChange.insert(database, table, TYPES, row("id", "7", "class_id", null, "parent_id", "1"))));
    }

    @Test
    void tablesAreNamedExactlyByWildcardOrByExpressionAndAllRulesApply() {
        Rules rules = rules("""
                  - { table: app.orders_1, keys: [ { group: student, key: "{id}" } ] }
                  - { table: "app*.orders_*", keys: [ { group: node, key: "{id}" } ] }
                  - { table: '/app\\.orders_\\d+/', keys: [ { group: student, key: "{parent_id}" } ] }
                """);
        assertThat(insert(rules, "app", "orders_1")).containsExactly("student/7", "node/7", "student/1");
        assertThat(insert(rules, "APP", "Orders_23")).containsExactly("node/7", "student/1");
        assertThat(insert(rules, "app2", "orders_x")).containsExactly("node/7");
        assertThat(insert(rules, "app", "orders")).isEmpty();
        assertThat(insert(rules, "app", "orders_")).containsExactly("node/7");
        assertThat(insert(rules, "b.app", "orders_1")).isEmpty();
    }

    @Test
    void aNullInAKeyIsSkippedOrClearsTheGroup() {
        assertThat(insert(rules("  - { table: app.t, keys: [ { group: roster, key: \"{class_id}\" } ] }"), "app", "t"))
                .isEmpty();
        Rules clear = rules("  - { table: app.t, keys: [ { group: roster, key: \"{class_id}\", null-key: clear } ] }");
        assertThat(insert(clear, "app", "t"))
                .containsExactly("roster/*: column class_id is NULL, and the rule says null-key: clear");
    }

    @Test
    void aWholeGroupAndATagCanBeForgotten() {
        Rules rules = rules("""
                  - table: app.t
                    keys:
                      - { group: student, tag: "parent:{parent_id}" }
                      - { group: roster, clear: true, when: inserted }
                """);
        assertThat(insert(rules, "app", "t")).containsExactly("roster/*: a row was inserted", "student#parent:1");
        assertThat(rules.warnings()).isEmpty();
        Invalidation whole = rules.invalidations(RowChange.insert("app", "t", TYPES, row("id", "7", "parent_id", "1")))
                .getFirst();
        assertThat(whole.cause()).isEqualTo(Cause.INSERTED);
        assertThat(whole.rule()).isEqualTo("invalidate[0].keys[1]");
    }

    @Test
    void aRuleCanAskForASecondRemove() {
        Rules rules = rules("""
                  - table: app.t
                    keys:
                      - { group: student, key: "{id}" }
                      - { group: student, key: "{id}", again-after: 2s }
                      - { group: node, key: "{id}" }
                """);
        List<Invalidation> all = rules.invalidations(RowChange.insert("app", "t", TYPES, row("id", "7")));
        assertThat(all).extracting(Invalidation::again).containsExactly(Duration.ofSeconds(2), Duration.ZERO);
        assertThat(all.getFirst().rule()).isEqualTo("invalidate[0].keys[0]");
    }

    private static final String CASCADES = """
                  - table: app.schools
                    cascades: [ { table: app.classes, columns: { school_id: id } } ]
                  - table: app.classes
                    keys: [ { group: roster, key: "{id}" } ]
                    cascades: [ { table: app.students, columns: { class_id: id } } ]
                  - table: app.students
                    keys:
                      - { group: student, key: "{id}" }
                      - { group: roster, key: "{class_id}", when: inserted }
            """;

    @Test
    void whatAForeignKeyDeletesIsForgottenWithItsParent() {
        Rules rules = rules(CASCADES);
        assertThat(brief(rules.invalidations(RowChange.delete("app", "classes", TYPES, row("id", "3")))))
                .containsExactly("student/*: a row was deleted", "roster/3");
        assertThat(brief(rules.invalidations(RowChange.insert("app", "classes", TYPES, row("id", "3")))))
                .containsExactly("roster/3");
        assertThat(brief(rules.invalidations(RowChange.update(
                        "app", "classes", TYPES, row("id", "3", "school_id", "1"), row("school_id", "2")))))
                .containsExactly("roster/3");
        assertThat(brief(
                        rules.invalidations(RowChange.update("app", "classes", TYPES, row("id", "4"), row("id", "3")))))
                .containsExactly("student/*: a row was updated: as it was before", "roster/3", "roster/4");
    }

    @Test
    void cascadesGoOnDownAndEndInGroupsWhereColumnsAreNotKnown() {
        assertThat(brief(rules(CASCADES).invalidations(RowChange.delete("app", "schools", TYPES, row("id", "1")))))
                .containsExactly("roster/*: a row was deleted", "student/*: a row was deleted");
    }

    @Test
    void aTreeClearsTheGroupOfItsNodes() {
        Rules rules = rules("""
                  - table: app.nodes
                    keys: [ { group: node, key: "{id}" } ]
                    cascades: [ { table: app.nodes, columns: { parent_id: id } } ]
                """);
        assertThat(brief(rules.invalidations(RowChange.delete("app", "nodes", TYPES, row("id", "1")))))
                .containsExactly("node/*: a row was deleted");
    }

    @Test
    void cascadesToNowhereAreErrors() {
        assertThatThrownBy(() -> rules("""
                  - { table: app.t, cascades: [ { table: app.u, columns: { a: id } } ] }
                """))
                .hasMessageEndingWith("invalidate[0].cascades[0].table: no rule speaks of table 'app.u': add its rules,"
                        + " or remove the cascade");
    }
}
