package io.sluice.mapping;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesCheckTest {
    private static final String GROUPS = """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice, password: "${NOT_SET}" }
            groups:
              student: { source: app, key: "{id}", load: "SELECT id, name FROM students WHERE id = :id" }
              roster:
                source: app
                key: "c:{class_id}"
                load: "SELECT s.name FROM students s JOIN classes c ON c.id = s.class_id WHERE s.class_id = :class_id"
                rows: many
            """;
    private static final String RULES = """
            invalidate:
              - table: app.students
                keys: [ { group: student, key: "{id}" }, { group: roster, key: "c:{class_id}" } ]
              - table: app.classes
                keys: [ { group: roster, key: "c:{id}" } ]
            """;

    private static List<Finding> offline(String yaml) {
        return RulesCheck.offline("rules.yaml", yaml, Map.of()).findings();
    }

    private static Schema.Column column(String name, String type) {
        return new Schema.Column(name, type, type.contains("char") || type.contains("text") ? "utf8mb4" : null);
    }

    private static Schema.Table table(String name, List<Schema.Column> columns, Schema.ForeignKey... keys) {
        return new Schema.Table("app", name, false, columns, List.of("id"), Map.of(), List.of(keys));
    }

    private static final List<Schema.Column> STUDENT =
            List.of(column("id", "int"), column("name", "varchar(20)"), column("class_id", "int"));
    private static final List<Schema.Column> CLASS = List.of(column("id", "int"), column("title", "varchar(20)"));

    private static List<Finding> online(String yaml, Map<String, String> settings, Schema.Table... tables) {
        Map<String, String> all = new HashMap<>(Map.of("gtid_mode", "ON", "binlog_format", "ROW", "version", "8.0.33"));
        all.putAll(settings);
        RulesCheck.Result result = RulesCheck.offline("rules.yaml", yaml, Map.of());
        Rules rules = requireNonNull(result.rules(), String.valueOf(result.findings()));
        return RulesCheck.online(rules, requireNonNull(rules.sources().get("app")), new Schema(List.of(tables), all));
    }

    @Test
    void aSoundFileHasNoFindings() {
        assertThat(offline(GROUPS + RULES)).isEmpty();
        assertThat(online(GROUPS + RULES, Map.of(), table("students", STUDENT), table("classes", CLASS)))
                .isEmpty();
    }

    @Test
    void whatCannotBeReadIsAFindingWithItsPlace() {
        assertThat(offline("version: 1\nsources: {}\ngroups: {}\ninvalidat: []"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.message())
                            .startsWith("rules.yaml:4:1: invalidat: unknown key; did you mean 'invalidate'?");
                    assertThat(finding.line()).isEqualTo(4);
                    assertThat(finding.column()).isEqualTo(1);
                });
    }

    @Test
    void aTableThatALoadReadsWithoutARuleIsAnErrorWithTheRuleToPaste() {
        String uncovered = GROUPS + RULES.substring(0, RULES.indexOf("  - table: app.classes"));
        assertThat(offline(uncovered)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("uncovered");
            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(finding.message()).contains("reads table app.classes").contains("group roster");
            assertThat(finding.fix())
                    .isEqualTo("  - table: app.classes\n    keys:\n      - { group: roster, key: \"c:{id}\" }");
            assertThat(offline(uncovered + finding.fix() + "\n")).isEmpty();
        });
    }

    @Test
    void whereTheQueryDoesNotTellTheColumnTheWholeGroupIsProposed() {
        String yaml = GROUPS.replace("JOIN classes c ON c.id = s.class_id", "JOIN classes c ON c.age > s.age") + RULES;
        assertThat(offline(yaml.substring(0, yaml.indexOf("  - table: app.classes"))))
                .extracting(Finding::fix)
                .containsExactly("  - table: app.classes\n    keys:\n      - { group: roster, clear: true }");
    }

    @Test
    void aRuleThatAddsNothingIsAWarning() {
        String yaml = GROUPS
                + RULES.replace(
                        "{ group: student, key: \"{id}\" }",
                        "{ group: student, key: \"{id}\" }, { group: student, key: \"{id}\", when: inserted }");
        assertThat(offline(yaml))
                .extracting(Finding::code, Finding::place)
                .containsExactly(tuple("unreachable", "invalidate[0].keys[1]"));
    }

    @Test
    void findingsTellLineAndColumnOfWhatTheyAreAbout() {
        String yaml = (GROUPS + RULES)
                .replace("classes\n", "clases\n")
                .replace(
                        "[ { group: student, key: \"{id}\" },",
                        "[ { group: student, key: \"{id}\" },\n          { group: student, key: \"{id}\", when: inserted },"
                                + "\n          { group: student, key: \"{idd}\", when: \"before.nam == 'x'\" },");
        RulesCheck.Result result = RulesCheck.offline("rules.yaml", yaml, Map.of());
        List<String> lines = yaml.lines().toList();
        assertThat(result.findings())
                .extracting(
                        Finding::code,
                        finding -> lines.get(finding.line() - 1).substring(finding.column() - 1, finding.column() + 12))
                .containsExactly(tuple("unreachable", "{ group: stud"), tuple("uncovered", "\"SELECT s.nam"));
        Rules rules = requireNonNull(result.rules());
        List<Finding> online = result.located(RulesCheck.online(
                rules,
                requireNonNull(rules.sources().get("app")),
                new Schema(List.of(table("students", STUDENT)), Map.of("gtid_mode", "OFF"))));
        assertThat(online)
                .extracting(
                        Finding::code, finding -> lines.get(finding.line() - 1).substring(finding.column() - 1))
                .containsExactly(
                        tuple(
                                "setting",
                                "app: { jdbc-url: \"jdbc:mysql://mysql/app\", username: sluice, password: \"${NOT_SET}\" }"),
                        tuple(
                                "no-column",
                                "\"{idd}\", when: \"before.nam == 'x'\" }, { group: roster, key: \"c:{class_id}\" } ]"),
                        tuple("no-column", "\"before.nam == 'x'\" }, { group: roster, key: \"c:{class_id}\" } ]"),
                        tuple("no-table", "app.clases"));
    }

    @Test
    void aRuleThatSpellsAKeyInAnotherWayThanItsGroupIsAWarning() {
        for (String[] keys : new String[][] {
            {"{name}", "{lower(name)}", "1"},
            {"{lower(name)}", "{name}", "1"},
            {"{lower(name)}", "{ lower( name ) }", "0"},
            {"{lower(trim(name))}", "{trim(lower(name))}", "1"},
            {"{lower(name)}", "{lower(nickname)}", "0"},
            {"{name}", "{json(name, '$.a')}", "0"},
            {"{substring(name, 1, 2)}", "{substring(name,1,2)}", "0"},
        }) {
            String yaml = GROUPS
                    + "  by-name: { source: app, key: \"" + keys[0]
                    + "\", load: \"SELECT name FROM students WHERE name = :name\" }\n"
                    + RULES.replace(
                            "{ group: student, key: \"{id}\" }",
                            "{ group: student, key: \"{id}\" }, { group: by-name, key: \"" + keys[1] + "\" }");
            assertThat(offline(yaml))
                    .as("%s and %s", keys[0], keys[1])
                    .hasSize(Integer.parseInt(keys[2]))
                    .allSatisfy(finding -> assertThat(finding.code()).isEqualTo("key-function"));
        }
    }

    @Test
    void columnsAndTablesMustExist() {
        assertThat(online(
                        GROUPS + RULES,
                        Map.of(),
                        table("students", List.of(column("id", "int"), column("clas_id", "int"))),
                        table("clases", CLASS)))
                .extracting(Finding::message)
                .containsExactly(
                        "table app.students has no column 'class_id'; did you mean 'clas_id'?",
                        "there is no table app.classes on the server; did you mean 'app.clases'?");
    }

    @Test
    void typesThatAreUnsafeInKeysAreFound() {
        for (String type : List.of("float", "json", "geometry", "timestamp(3)", "text", "blob")) {
            assertThat(online(
                            GROUPS + RULES,
                            Map.of(),
                            table("students", STUDENT),
                            table("classes", List.of(column("id", type)))))
                    .as(type)
                    .extracting(Finding::code, Finding::place)
                    .containsExactly(tuple("key-type", "invalidate[1].keys[0].key"));
        }
        assertThat(online(
                        GROUPS + RULES,
                        Map.of(),
                        table("students", STUDENT),
                        table("classes", List.of(new Schema.Column("id", "varchar(9)", "latin1")))))
                .extracting(Finding::message)
                .containsExactly("column app.classes.id (varchar(9)) has character set latin1, which Canal reads as"
                        + " UTF-8: convert it to utf8mb4");
    }

    @Test
    void aForeignKeyThatCascadesWithoutARuleIsAnErrorWithTheCascadeToPaste() {
        var key = new Schema.ForeignKey("fk", "app", "classes", Map.of("class_id", "id"), "CASCADE", "NO ACTION");
        List<Finding> found =
                online(GROUPS + RULES, Map.of(), table("students", STUDENT, key), table("classes", CLASS));
        assertThat(found).extracting(Finding::code).containsExactly("cascade");
        assertThat(found.getFirst().fix())
                .isEqualTo("  - table: app.classes\n    cascades:\n"
                        + "      - { table: app.students, columns: { class_id: id } }");
        assertThat(online(
                        GROUPS + RULES + found.getFirst().fix() + "\n",
                        Map.of(),
                        table("students", STUDENT, key),
                        table("classes", CLASS)))
                .isEmpty();
        assertThat(online(
                        GROUPS + RULES,
                        Map.of("version", "9.6.0"),
                        table("students", STUDENT, key),
                        table("classes", CLASS)))
                .isEmpty();
    }

    @Test
    void settingsThatHideChangesAreFound() {
        Map<String, String> wrong = Map.of(
                "binlog_format", "MIXED",
                "binlog_row_image", "MINIMAL",
                "gtid_mode", "OFF",
                "log_bin", "OFF",
                "binlog_order_commits", "0",
                "binlog_row_value_options", "PARTIAL_JSON",
                "log_replica_updates", "OFF",
                "gtid_executed", "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:tag_1:7");
        assertThat(online(GROUPS + RULES, wrong, table("students", STUDENT), table("classes", CLASS)))
                .hasSize(8)
                .allSatisfy(finding -> assertThat(finding.code()).isEqualTo("setting"));
    }

    @Test
    void preparedXaTransactionsAreNoted() {
        assertThat(online(
                        GROUPS + RULES,
                        Map.of("com_xa_prepare", "3"),
                        table("students", STUDENT),
                        table("classes", CLASS)))
                .extracting(Finding::code, Finding::severity)
                .containsExactly(tuple("xa", Finding.Severity.NOTE));
        assertThat(online(
                        GROUPS + RULES,
                        Map.of("com_xa_prepare", "0"),
                        table("students", STUDENT),
                        table("classes", CLASS)))
                .isEmpty();
    }

    @Test
    void aProposalForASchemaIsCleanInTheCheck() {
        var key = new Schema.ForeignKey("fk", "app", "classes", Map.of("class_id", "id"), "CASCADE", "NO ACTION");
        Schema.Table students = new Schema.Table(
                "app",
                "students",
                false,
                List.of(
                        column("id", "bigint unsigned"),
                        column("e mail", "varchar(20)"),
                        column("tag", "varbinary(16)"),
                        column("class_id", "int"),
                        column("made", "timestamp")),
                List.of("id"),
                Map.of("by_tag", List.of("tag"), "by_mail", List.of("e mail"), "by_made", List.of("made", "id")),
                List.of(key));
        Schema.Table classes = table("classes", CLASS);
        String yaml = RulesProposal.of(
                "jdbc:mysql://mysql/app", "sluice", "app", new Schema(List.of(students, classes), Map.of()));
        assertThat(offline(yaml)).isEmpty();
        assertThat(online(yaml, Map.of(), students, classes)).isEmpty();
        Rules rules = requireNonNull(RulesCheck.offline("x", yaml, Map.of()).rules());
        assertThat(rules.groups()).containsOnlyKeys("students", "students-by-tag", "students-by-class-id", "classes");
        assertThat(requireNonNull(rules.groups().get("students-by-tag")).load())
                .extracting(load -> requireNonNull(load).sql())
                .asString()
                .endsWith("FROM `students` WHERE `tag` = UNHEX(:tag)");
        assertThat(yaml).contains("# Left out: group students-by-e-mail: column e mail cannot be the name");
    }
}
