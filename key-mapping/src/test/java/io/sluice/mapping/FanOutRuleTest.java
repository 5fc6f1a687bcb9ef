package io.sluice.mapping;

import static io.sluice.mapping.School.brief;
import static io.sluice.mapping.School.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules that find their keys by a query. */
class FanOutRuleTest {
    private static final Map<String, String> TYPES = Map.of("id", "int", "title", "varchar(20)", "day", "timestamp");
    private static final String QUERY = "SELECT student_id FROM enrollments WHERE course_id = :id";
    private static final String RULE = """
              - table: app.courses
                keys: [ { group: courses-of, key: "{student_id}", query: "%s"%s } ]
            """;
    private static final String ENROLLMENTS = """
              - table: app.enrollments
                keys: [ { group: courses-of, key: "{student_id}" } ]
            """;

    private static String file(String coherence, String invalidate) {
        return """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice, coherence: %s }
                groups:
                  courses-of: { source: app, key: "{student_id}" }
                invalidate:
                """.formatted(coherence) + invalidate;
    }

    private static Rules rules(String invalidate) {
        return Rules.parse("rules.yaml", file("gtid", invalidate), Map.of());
    }

    private static List<String> update(Rules rules, String id, String before) {
        return brief(rules.invalidations(
                RowChange.update("app", "courses", TYPES, row("id", id, "title", "Art"), row("id", before))));
    }

    private static List<Finding> check(String invalidate) {
        return RulesCheck.offline("rules.yaml", file("gtid", invalidate), Map.of())
                .findings();
    }

    @Test
    void theQueryIsAskedWithBothImagesEachOnce() {
        Rules rules = rules(RULE.formatted(QUERY, ""));
        String asked = "courses-of?FanOut[" + QUERY + "]";
        assertThat(update(rules, "10", "1")).containsExactly(asked + "[1]", asked + "[10]");
        assertThat(update(rules, "7", "7")).containsExactly(asked + "[7]");
    }

    @Test
    void theConditionDecidesWhetherItIsAsked() {
        Rules rules = rules(RULE.formatted(QUERY, ", when: changed(title)"));
        assertThat(update(rules, "10", "1")).isEmpty();
    }

    @Test
    void aNullIsAParameterLikeAnyOther() {
        Rules rules = rules(RULE.formatted("SELECT student_id FROM enrollments WHERE course <=> :title", ""));
        assertThat(brief(rules.invalidations(RowChange.insert("app", "courses", TYPES, row("id", "1", "title", null)))))
                .singleElement()
                .asString()
                .endsWith("[null]");
    }

    @Test
    void aParameterThatIsNotKnownForSureClearsTheGroup() {
        Rules rules = rules(RULE.formatted("SELECT student_id FROM enrollments WHERE day = :day", ""));
        assertThat(brief(rules.invalidations(
                        RowChange.insert("app", "courses", TYPES, row("id", "1", "day", "2024-01-01 00:00:00")))))
                .singleElement()
                .asString()
                .startsWith("courses-of/*: column day: type timestamp");
        assertThat(brief(rules.invalidations(RowChange.delete("app", "courses", TYPES, row("id", "1")))))
                .containsExactly("courses-of/*: column day is not in the row image");
    }

    @Test
    void aWholeGroupMakesTheQuerySuperfluous() {
        Rules rules = rules("""
                  - table: app.courses
                    keys:
                      - { group: courses-of, key: "{student_id}", query: "%s" }
                      - { group: courses-of, clear: true }
                """.formatted(QUERY));
        assertThat(update(rules, "1", "1")).containsExactly("courses-of/*: a row was updated: as it was before");
    }

    @Test
    void aDefinitionOfATableThatTheQueryReadsClearsTheGroup() {
        assertThat(brief(rules(RULE.formatted(QUERY, ""))
                        .invalidations(new RowChange.Definition("app", "enrollments", "TRUNCATE TABLE enrollments"))))
                .singleElement()
                .asString()
                .startsWith("courses-of/*");
    }

    @Test
    void keysOfTheResultAreCanonical() {
        KeyQuery query = rules(
                        RULE.formatted(QUERY, "").replace("\"{student_id}\", query", "\"{lower(a)}:{b}\", query"))
                .fanOuts()
                .getFirst()
                .query();
        List<String> types = List.of("varchar", "decimal(10,2)");
        assertThat(query.columns()).containsExactly("a", "b");
        assertThat(query.keyOf(types, List.of("ANN", new BigDecimal("1")))).isEqualTo(new Canonical.Text("ann:1.00"));
        assertThat(query.keyOf(types, Arrays.asList("ANN", null))).isEqualTo(new Canonical.Null());
        assertThat(query.keyOf(List.of("geometry", "int"), List.of(new byte[1], 1)))
                .isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void whatCannotWorkIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> rules(RULE.formatted("DELETE FROM enrollments WHERE course_id = :id", "")))
                .hasMessageContaining("invalidate[0].keys[0].query: a query here only reads");
        assertThatThrownBy(() -> rules(RULE.formatted(QUERY, "").replace("key: \"{student_id}\"", "clear: true")))
                .hasMessageContaining("write key, over the columns that it returns");
        assertThatThrownBy(() -> rules(RULE.formatted(QUERY, "").replace("{student_id}\"", "x\"")))
                .hasMessageContaining("invalidate[0].keys[0].key");
        assertThatThrownBy(() -> Rules.parse("rules.yaml", file("arrival", RULE.formatted(QUERY, "")), Map.of()))
                .hasMessageContaining("needs a source with coherence: gtid");
        assertThatThrownBy(() -> rules(RULE.formatted(QUERY, ", again-after: 61s")))
                .hasMessageContaining("again-after: is over 60s");
    }

    @Test
    void theCheckFindsWhatTheQueryWouldMiss() {
        assertThat(check(RULE.formatted(QUERY, "") + ENROLLMENTS)).isEmpty();
        assertThat(check(RULE.formatted(QUERY, ""))).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("uncovered");
            assertThat(finding.fix())
                    .isEqualTo(ENROLLMENTS
                            .replace("keys: [ ", "keys:\n      - ")
                            .replace(" } ]\n", " }")
                            .stripTrailing());
        });
        assertThat(check(RULE.formatted(QUERY + " LIMIT 10", "") + ENROLLMENTS))
                .extracting(Finding::code)
                .containsExactly("query-limited");
        assertThat(check(RULE.formatted("SELECT student_id FROM enrollments", "") + ENROLLMENTS))
                .extracting(Finding::code)
                .containsExactly("query-constant");
        assertThat(check(RULE.formatted("SELECT FROM WHERE :id", "") + ENROLLMENTS))
                .extracting(Finding::code)
                .containsExactly("query-unread");
    }

    @Test
    void twoQueriesOfAGroupDoNotCoverEachOther() {
        String other = "SELECT student_id FROM enrollments WHERE course_id = :id AND 1 = 1";
        assertThat(check("""
                  - table: app.courses
                    keys:
                      - { group: courses-of, key: "{student_id}", query: "%s" }
                      - { group: courses-of, key: "{student_id}", query: "%s" }
                """.formatted(QUERY, other) + ENROLLMENTS)).isEmpty();
    }
}
