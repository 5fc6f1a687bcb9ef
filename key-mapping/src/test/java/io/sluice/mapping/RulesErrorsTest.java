package io.sluice.mapping;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesErrorsTest {
    private static Rules parse(String yaml) {
        return Rules.parse("rules.yaml", yaml, School.ENV);
    }

    /** The example with one thing replaced. */
    private static void assertError(String part, String replacement, String message) {
        assertThat(School.YAML).contains(part);
        assertThatThrownBy(() -> parse(School.YAML.replace(part, replacement)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    private static void assertErrorStarts(String part, String replacement, String message) {
        assertThat(School.YAML).contains(part);
        assertThatThrownBy(() -> parse(School.YAML.replace(part, replacement)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void effects() {
        assertError(
                "{ group: student, key: \"{id}\" }",
                "{ group: student }",
                "rules.yaml:10:9: invalidate[0].keys[0]: says nothing to forget: add key, tag, or clear: true");
        assertError(
                "{ group: student, key: \"{id}\" }",
                "{ group: student, key: \"{id}\", clear: true }",
                "rules.yaml:10:9: invalidate[0].keys[0]: has more than one of key, tag and clear: make each a rule of"
                        + " its own");
        assertError(
                "{ group: student, key: \"{id}\" }",
                "{ group: student, tag: \"{id}\" }",
                "rules.yaml:10:32: invalidate[0].keys[0].tag: '{id}' never gives a tag of group student, which declares"
                        + " no tags: add tags to the group");
        assertError(
                "coherence: gtid",
                "canal-time-zone: Asia/Shanghay",
                "rules.yaml:3:121: sources.app.canal-time-zone: 'Asia/Shanghay' is not a time zone: write UTC, +08:00"
                        + " or a name such as Asia/Shanghai; did you mean 'Asia/Shanghai'?");
        assertError(
                "app.students",
                "\"/app.(/\"",
                "rules.yaml:8:12: invalidate[0].table: '/app.(/' is not a regular expression (RE2): missing closing )");
        assertError(
                "source: app, key: \"{class_id}\"",
                "source: app, key: \"{lower(class_id)}:{upper(class_id)}\"",
                "rules.yaml:6:39: groups.class-roster.key: has a column twice, and a load takes one text for each: name"
                        + " every column once");
    }

    @Test
    void tagsThatAreNotToldByTheKey() {
        String student = "source: app, key: \"{id}\"";
        assertError(
                student,
                student + ", tags: [\"class:{class_id}\"]",
                "rules.yaml:5:54: groups.student.tags[0]: uses column class_id, which does not stand in the key '{id}'"
                        + " as it is: a tag is told from the key alone, so that a list without rows carries it too and an"
                        + " INSERT finds it; put the column into the key, such as '{class_id}/{id}'");
        assertError(
                student,
                student + ", tags: [\"id:{id}\", \"n:{lower(id)}\"]",
                "rules.yaml:5:65: groups.student.tags[1]: has a function, and a tag takes the key's columns as they are:"
                        + " write functions in rules");
        assertError(
                student,
                student + ", tags: [\"{id}\"]",
                "rules.yaml:5:54: groups.student.tags[0]: has no text beside its columns: give the tag a name, such as"
                        + " 'name:{id}'");
        assertError(
                student,
                student + ", tags: [\"1{id}\", \"2{id}\", \"3{id}\", \"4{id}\", \"5{id}\", \"6{id}\", \"7{id}\","
                        + " \"8{id}\", \"9{id}\"]",
                "rules.yaml:5:47: groups.student.tags: are 9: at most 8 are kept for each key");
        assertThatThrownBy(() -> parse("""
                        version: 1
                        sources:
                          app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice }
                        groups:
                          pair: { source: app, key: "{a}{b}", tags: ["a:{a}"] }
                        """))
                .hasMessage("rules.yaml:5:39: groups.pair.tags: cannot be told from the key '{a}{b}', where two columns"
                        + " touch: write a literal between them in the key, such as ':'");
    }

    @Test
    void tagsOfARuleThatNoKeyCarries() {
        assertThatThrownBy(() -> parse("""
                        version: 1
                        sources:
                          app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice }
                        groups:
                          search: { source: app, key: "{city}/{query}", tags: ["city:{city}", "q:{query}{city}!"] }
                        invalidate:
                          - { table: app.places, keys: [ { group: search, tag: "town:{city}" } ] }
                        """))
                .hasMessage(
                        "rules.yaml:7:56: invalidate[0].keys[0].tag: 'town:{city}' never gives a tag of group search,"
                                + " whose tags are [city:{city}, q:{query}{city}!]: write the same literals");
    }

    @Test
    void versionsOtherThanOne() {
        assertError(
                "version: 1", "version: 2", "rules.yaml:1:10: version: 2 is not known: this Sluice reads version 1");
        assertError("version: 1\n", "", "rules.yaml:1:1: version: is missing: add it");
    }

    @Test
    void referencesToNothing() {
        assertError(
                "{ group: class-roster,",
                "{ group: class-rooster,",
                "rules.yaml:11:18: invalidate[0].keys[1].group: there is no group 'class-rooster';"
                        + " did you mean 'class-roster'?");
        assertError(
                "student:        { source: app,",
                "student:        { source: billing,",
                "rules.yaml:5:29: groups.student.source: there is no source 'billing'; there is app");
        assertThatThrownBy(() -> Rules.parse("rules.yaml", School.YAML, Map.of()))
                .hasMessage("rules.yaml:3:79: sources.app.password: the environment variable SLUICE_DB_PASSWORD is"
                        + " not set: set it");
    }

    @Test
    void keysThatAreNotKnownOrMissing() {
        assertError(
                "negative-ttl: 5s",
                "negativ-ttl: 5s",
                "rules.yaml:5:124: groups.student.negativ-ttl: unknown key; did you mean 'negative-ttl'?");
        assertError(
                "- table: app.students\n    keys:",
                "- keys:",
                "rules.yaml:8:5: invalidate[0].table: is missing: add it");
        assertError(
                "class-roster:   {",
                "student:   {",
                "rules.yaml:6:3: groups.student: the key stands twice in the same place: remove one");
    }

    @Test
    void sources() {
        assertError(
                "jdbc:mysql://mysql:3306/app",
                "mysql:3306/app",
                "rules.yaml:3:20: sources.app.jdbc-url: 'mysql:3306/app' is not a MySQL URL:"
                        + " write jdbc:mysql://host:port/database");
        assertError(
                "jdbc:mysql://mysql:3306/app",
                "jdbc:mysql://mysql:3306/app?password=hunter2",
                "rules.yaml:3:20: sources.app.jdbc-url: holds a user or password, which would be logged:"
                        + " use username and password");
        assertError(
                "coherence: gtid",
                "coherence: gtids",
                "rules.yaml:3:115: sources.app.coherence: 'gtids' is not one of gtid, arrival, none");
    }

    @Test
    void templates() {
        assertError(
                "source: app, key: \"{id}\"",
                "source: app, key: \"all\"",
                "rules.yaml:5:39: groups.student.key: names no column, so all rows would share one key: write {column}");
        assertError(
                "source: app, key: \"{id}\"",
                "source: app, key: \"{id}{name}\"",
                "rules.yaml:5:39: groups.student.key: two columns touch, so a key cannot be split for the load:"
                        + " write a literal between them, such as ':'");
        assertError(
                "group: student, key: \"{id}\"",
                "group: student, key: \"{id\"",
                "rules.yaml:10:32: invalidate[0].keys[0].key: a '{' is not closed: write {column}, or '{{' for the"
                        + " character");
        assertError(
                "source: app, key: \"{id}\"",
                "source: app, key: \"s:{id}\"",
                "rules.yaml:10:32: invalidate[0].keys[0].key: '{id}' never gives a key of group student, whose keys are"
                        + " 's:{id}': write the same literals around the columns");
    }

    @Test
    void loads() {
        assertError(
                "WHERE id = :id",
                "WHERE id = :ids",
                "rules.yaml:5:59: groups.student.load: there is no key column ':ids'; did you mean ':id'?");
        assertError(
                "WHERE id = :id",
                "",
                "rules.yaml:5:59: groups.student.load: does not use :id: two keys that differ in it would load the same"
                        + " row");
        assertError(
                "WHERE id = :id",
                "WHERE id = ?",
                "rules.yaml:5:59: groups.student.load: '?' has no name: write :column");
        assertError(
                "load: \"SELECT id, name FROM students WHERE class_id = :class_id ORDER BY id\", ",
                "",
                "rules.yaml:6:59: groups.class-roster.rows: says what a load returns, and there is none: remove it,"
                        + " or add load");
    }

    @Test
    void durationsTablesAndConditions() {
        assertError(
                "negative-ttl: 5s",
                "negative-ttl: 0s",
                "rules.yaml:5:138: groups.student.negative-ttl: must be more than zero");
        assertError(
                "negative-ttl: 5s",
                "negative-ttl: -5s",
                "rules.yaml:5:138: groups.student.negative-ttl: '-5s' is not a duration: write a whole number and a"
                        + " unit, such as 250ms, 5s, 10m or 1h");
        assertError(
                "app.students",
                "students",
                "rules.yaml:8:12: invalidate[0].table: 'students' is not a table: write database.table");
        assertErrorStarts(
                "changed(class_id, name)",
                "upserted",
                "rules.yaml:11:57: invalidate[0].keys[1].when: 'upserted' is not a condition: ");
    }

    @Test
    void theFormOfAValueNeedsALoadThatFits() {
        String load = ", load: \"SELECT x FROM t WHERE a = :a\"";
        assertThat(requireNonNull(parse(group("value: struct, rows: many" + load))
                                .groups()
                                .get("g"))
                        .value())
                .isEqualTo(ValueForm.STRUCT);
        assertThat(error(group("value: raw")))
                .contains("groups.g.value: says what a load makes of a row, and there is none");
        assertThat(error(group("value: raw, rows: many" + load)))
                .contains("groups.g.value: raw is one column of one row: write json or struct, or remove rows: many");
        assertThat(error(group("value: xml" + load))).contains("groups.g.value").contains("json");
    }

    @Test
    void aJavaLoaderStandsInThePlaceOfALoad() {
        LoaderChoice choice = requireNonNull(
                requireNonNull(parse(group("loader: weather, settings: { url: \"${SLUICE_DB_PASSWORD}\" }"))
                                .groups()
                                .get("g"))
                        .loader());
        assertThat(choice.name()).isEqualTo("weather");
        assertThat(choice.settings()).containsOnlyKeys("url");
        assertThat(choice.toString()).isEqualTo("loader weather");

        assertThat(error(group("loader: weather, load: \"SELECT x FROM t WHERE a = :a\"")))
                .contains("groups.g.loader: and load both load the value: remove one");
        assertThat(error(group("settings: { a: b }"))).contains("groups.g.settings: are those of a loader");
        assertThat(error(group("loader: weather").replace("{a}", "{lower(a)}")))
                .contains("groups.g.key: has a function");
        assertThat(parse(group("loader: weather")).warnings()).hasSize(1);
    }

    @Test
    void aBatchLoadHasOneListOfKeys() {
        String load = "load: \"SELECT a, x FROM t WHERE a = :a\", batch-load: ";
        BatchQuery batch =
                requireNonNull(requireNonNull(parse(group(load + "\"SELECT a, x FROM t WHERE a IN ( :as )\""))
                                .groups()
                                .get("g"))
                        .batchLoad());
        assertThat(batch.jdbcSql(3)).isEqualTo("SELECT a, x FROM t WHERE a IN ( ?, ?, ? )");

        assertThat(error(group("batch-load: \"SELECT a FROM t WHERE a IN (:as)\"")))
                .contains("groups.g.batch-load: needs load");
        assertThat(error(group(load + "\"SELECT a, x FROM t\""))).contains("has no parameter; one stands for all keys");
        assertThat(error(group(load + "\"SELECT a, x FROM t WHERE a IN (:a) AND x = :b\"")))
                .contains("has several parameters: [a, b]");
        assertThat(error(group(load + "\"SELECT a, x FROM t WHERE a = :as\"")))
                .contains(":as stands for a list of keys: write IN (:as)");
        assertThat(error(group(load + "\"DELETE FROM t WHERE a IN (:as)\""))).contains("a query here only reads");
    }

    @Test
    void aBatchLoadOfSeveralColumnsHasTuples() {
        BatchQuery batch =
                new LoadQueryParser("SELECT * FROM t WHERE (a, b) IN (:keys) AND c <> '?' -- ?\n").parseBatch(2);
        assertThat(batch.jdbcSql(2)).isEqualTo("SELECT * FROM t WHERE (a, b) IN ((?, ?), (?, ?)) AND c <> '?' -- ?\n");
        assertThat(batch.places()).isEqualTo(1);
    }

    private static String error(String yaml) {
        return requireNonNull(assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .actual()
                .getMessage());
    }

    private static String group(String settings) {
        return """
                version: 1
                sources: { app: { jdbc-url: "jdbc:mysql://h1:1/app", username: u } }
                groups: { g: { source: app, key: "{a}", %s } }
                """.formatted(settings);
    }

    @Test
    void whatIsLegalAndProbablyNotMeantIsAWarning() {
        String unreached = School.YAML.substring(0, School.YAML.indexOf("      - { group: class-roster"));
        assertThat(parse(unreached).warnings())
                .containsExactly(
                        "group class-roster is loaded from app and no rule of invalidate reaches it: its values"
                                + " live until their ttl; add a rule");
        assertThat(parse(unreached.replace("coherence: gtid", "coherence: none"))
                        .warnings())
                .isEmpty();
        String twoSources = School.YAML
                .replace("groups:", "  b: { jdbc-url: \"jdbc:mysql://b/app\", username: u }\ngroups:")
                .replace("student:        { source: app", "student:        { source: b");
        assertThat(parse(twoSources).warnings())
                .containsExactly("table app.students reaches groups of several sources (b, app): a position of one"
                        + " server means nothing to another; give each source its own tables");
    }

    @Test
    void defaultsAndCacheAsideGroups() {
        Rules rules = parse("""
                version: 1
                sources: { app: { jdbc-url: "jdbc:mysql://h1:1,h2:2/app?useSSL=false", username: u } }
                groups: { g: { source: app, key: "{a}{b}" } }
                """);
        Group group = requireNonNull(rules.groups().get("g"));
        assertThat(group.load()).isNull();
        assertThat(group.many()).isFalse();
        assertThat(group.ttl()).hasMinutes(10);
        assertThat(group.negativeTtl()).hasSeconds(5);
        assertThat(rules.warnings()).isEmpty();
    }
}
