package io.sluice.mapping;

import static io.sluice.mapping.School.TYPES;
import static io.sluice.mapping.School.brief;
import static io.sluice.mapping.School.row;
import static io.sluice.mapping.School.rules;
import static io.sluice.mapping.School.student;
import static io.sluice.mapping.School.update;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final String NOT_FULL = ": set binlog_row_image=FULL, or correct the column in the rules";

    private final Rules rules = rules();

    private List<String> map(RowChange change) {
        return brief(rules.invalidations(change));
    }

    @Test
    void aGroupMayNameItsEvictionPolicy() {
        Rules rules = Rules.parse("rules.yaml", School.YAML.replace("ttl: 5s }", "ttl: 5s, policy: arc }"), School.ENV);
        assertThat(rules.groups().get("student"))
                .isNotNull()
                .extracting(Group::policy)
                .isEqualTo("arc");
    }

    @Test
    void aGroupMaySayHowStaleItsAnswersMayBe() {
        Rules rules = Rules.parse(
                "rules.yaml",
                School.YAML.replace("ttl: 5s }", "ttl: 5s, max-staleness: 2s, past-max-staleness: bypass }"),
                School.ENV);
        assertThat(requireNonNull(rules.groups().get("student")).staleness())
                .isEqualTo(new Staleness(Duration.ofSeconds(2), PastMaxStaleness.BYPASS));
        assertThat(requireNonNull(rules.groups().get("class-roster")).staleness())
                .isEqualTo(new Staleness(Duration.ofMinutes(1), PastMaxStaleness.SERVE));
    }

    @Test
    void aSourceMayHaveItsLoadsReadElsewhere() {
        Source alone = requireNonNull(rules.sources().get("app"));
        assertThat(alone.loadUrl()).isEqualTo("jdbc:mysql://mysql:3306/app");
        assertThat(alone.loadsFromPrimary()).isTrue();

        Source spread = source("jdbc-url: \"jdbc:mysql://mysql:3306/app\", read-url: \"jdbc:mysql://replica/app\"");
        assertThat(spread.loadUrl()).isEqualTo("jdbc:mysql://replica/app");
        assertThat(spread.loadsFromPrimary()).isFalse();
        assertThat(source("jdbc-url: \"jdbc:mysql:replication://a,b/app\"").loadsFromPrimary())
                .isFalse();
        assertThat(source("jdbc-url: \"jdbc:mysql://a,b/app\"").loadsFromPrimary())
                .isFalse();
        assertThat(source("jdbc-url: \"jdbc:mysql://a/app?autoReconnect=true\"").loadsFromPrimary())
                .as("it may reconnect to another server without anybody's knowing")
                .isFalse();
        assertThat(source("jdbc-url: \"jdbc:mysql://a/app?sessionVariables=x=1,y=2\"")
                        .loadsFromPrimary())
                .isTrue();
    }

    private static Source source(String urls) {
        String yaml = School.YAML.replace("jdbc-url: \"jdbc:mysql://mysql:3306/app\"", urls);
        assertThat(yaml).contains(urls);
        return requireNonNull(
                Rules.parse("rules.yaml", yaml, School.ENV).sources().get("app"));
    }

    @Test
    void theExampleOfTheDesignIsRead() {
        assertThat(rules.warnings()).isEmpty();
        Source source = requireNonNull(rules.sources().get("app"));
        assertThat(source.jdbcUrl()).isEqualTo("jdbc:mysql://mysql:3306/app");
        assertThat(source.password().reveal()).isEqualTo("hunter2");
        assertThat(source.toString()).doesNotContain("hunter2");
        assertThat(source.coherence()).isEqualTo(Coherence.GTID);
        assertThat(rules.groups()).containsOnlyKeys("student", "class-roster");
        Group roster = requireNonNull(rules.groups().get("class-roster"));
        assertThat(roster.many()).isTrue();
        assertThat(roster.policy()).isNull();
        assertThat(roster.ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(roster.negativeTtl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(roster.load())
                .isEqualTo(new LoadQuery(
                        "SELECT id, name FROM students WHERE class_id = :class_id ORDER BY id",
                        "SELECT id, name FROM students WHERE class_id = ? ORDER BY id",
                        List.of("class_id")));
    }

    @Test
    void insertAndDeleteRemoveTheKeysOfTheRow() {
        var row = student("7", "anna", "1.0", "3");
        assertThat(map(RowChange.insert("app", "students", TYPES, row))).containsExactly("student/7", "class-roster/3");
        assertThat(map(RowChange.delete("app", "students", TYPES, row))).containsExactly("student/7", "class-roster/3");
    }

    @Test
    void updateRemovesTheKeysOfBothImages() {
        assertThat(update(rules, student("7", "anna", "1.0", "4"), row("class_id", "3")))
                .containsExactly("student/7", "class-roster/3", "class-roster/4");
        assertThat(update(rules, student("10", "anna", "1.0", "3"), row("id", "1")))
                .containsExactly("student/1", "student/10");
    }

    @Test
    void updateOfOtherColumnsIsFilteredByTheCondition() {
        assertThat(update(rules, student("7", "anna", "2.0", "3"), row("score", "1.0")))
                .containsExactly("student/7");
        assertThat(update(rules, student("7", "anna", "2.0", "3"), row("name", "anne")))
                .containsExactly("student/7", "class-roster/3");
    }

    @Test
    void tablesAndColumnsAreFoundInAnyCase() {
        assertThat(map(RowChange.insert(
                        "APP", "Students", Map.of("ID", "int", "Class_Id", "int"), row("ID", "1", "Class_Id", "2"))))
                .containsExactly("student/1", "class-roster/2");
    }

    @Test
    void otherTablesAreNobodysBusiness() {
        assertThat(map(RowChange.insert("app", "teachers", TYPES, row("id", "1"))))
                .isEmpty();
        assertThat(map(RowChange.insert("other", "students", TYPES, row("id", "1"))))
                .isEmpty();
    }

    @Test
    void nullInAKeyColumnGivesNoKeyOfThatImage() {
        assertThat(map(RowChange.insert("app", "students", TYPES, student("7", "anna", "1", null))))
                .containsExactly("student/7");
        assertThat(update(rules, student("7", "anna", "1", "3"), row("class_id", null)))
                .containsExactly("student/7", "class-roster/3");
        assertThat(update(rules, student("7", "anna", "1", null), row("class_id", "3")))
                .containsExactly("student/7", "class-roster/3");
    }

    @Test
    void partialImagesRemoveGroups() {
        assertThat(update(rules, row("name", "m"), Map.of()))
                .containsExactly(
                        "student/*: the UPDATE tells no earlier value" + NOT_FULL,
                        "class-roster/*: the UPDATE tells no earlier value" + NOT_FULL);
        // The primary key changed, so something earlier is told, but not which class the student was in.
        assertThat(update(rules, row("id", "10", "class_id", "4"), row("id", "1")))
                .containsExactly(
                        "student/*: column name is not in the row image" + NOT_FULL,
                        "class-roster/*: column name is not in the row image" + NOT_FULL);
        assertThat(map(RowChange.delete("app", "students", TYPES, row("id", "7"))))
                .containsExactly("class-roster/*: column class_id is not in the row image", "student/7");
    }

    @Test
    void valuesWithoutACanonicalTextRemoveTheGroup() {
        var types = Map.of("id", "json", "name", "text", "class_id", "int");
        assertThat(map(RowChange.insert("app", "students", types, student("7.5", "a", "1", "3"))))
                .containsExactly(
                        "student/*: column id: type json cannot be part of a key as a whole: name a path, {json(column,"
                                + " '$.path')}",
                        "class-roster/3");
        assertThat(map(RowChange.insert("app", "students", Map.of(), student("7", "a", "1", "3"))))
                .containsExactly(
                        "student/*: column id: the message does not tell its MySQL type",
                        "class-roster/*: column class_id: the message does not tell its MySQL type");
        assertThat(map(RowChange.insert("app", "students", TYPES, student("x", "a", "1", "3"))))
                .containsExactly("student/*: column id: the value is not what type bigint says", "class-roster/3");
    }

    @Test
    void whatTheDecoderCannotReadRemovesTheGroupsOfTheTable() {
        assertThat(map(new RowChange.Unmappable("app", "students", "old and data differ in length")))
                .containsExactly(
                        "student/*: old and data differ in length, in app.students",
                        "class-roster/*: old and data differ in length, in app.students");
        assertThat(map(new RowChange.Unmappable("app", "teachers", "?"))).isEmpty();
        assertThat(map(new RowChange.Unmappable("", "", "?"))).hasSize(2);
    }

    @Test
    void everyRowIsForgottenUnderTheKeyItCanBeAskedForBy() {
        for (int i = 0; i < 500; i++) {
            var before = student("" + i, "n" + i % 7, i + ".5", "" + i % 11);
            var after = student("" + (i + i % 3), "n" + i % 5, i + ".50", i % 13 == 0 ? null : "" + i % 10);
            Map<String, @Nullable String> old = row();
            before.forEach((column, value) -> {
                if (!Objects.equals(value, after.get(column))) {
                    old.put(column, value);
                }
            });
            if (old.isEmpty()) {
                continue;
            }
            List<String> found = update(rules, after, old);
            assertThat(found).contains("student/" + before.get("id")).contains("student/" + after.get("id"));
            if (old.containsKey("class_id") || old.containsKey("name")) {
                assertThat(found).contains("class-roster/" + before.get("class_id"));
                assertThat(found.contains("class-roster/" + after.get("class_id")))
                        .isEqualTo(after.get("class_id") != null);
            }
            assertThat(found).doesNotHaveDuplicates();
        }
    }
}
