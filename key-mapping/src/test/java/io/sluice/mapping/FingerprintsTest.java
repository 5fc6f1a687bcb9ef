package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class FingerprintsTest {
    private static final String FILE = """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://db:3306/app", username: u, password: p }
            groups:
              student: { source: app, key: "{id}", load: "SELECT id, name FROM students WHERE id = :id", ttl: 10m }
              roster: { source: app, key: "{class_id}", load: "SELECT class_id, id FROM students WHERE class_id = :class_id" }
            invalidate:
              - table: app.students
                keys:
                  - { group: student, key: "{id}" }
                  - { group: roster, key: "{class_id}" }
              - table: app.classes
                keys:
                  - { group: roster, key: "{id}" }
                cascades:
                  - { table: app.students, columns: { class_id: id } }
            """;

    /** The groups whose fingerprint an edit changes. */
    private static Set<String> changedBy(String text, String with) {
        assertThat(FILE).contains(text);
        Map<String, Long> before = fingerprints(FILE);
        Set<String> changed = new TreeSet<>();
        fingerprints(FILE.replace(text, with)).forEach((group, fingerprint) -> {
            if (!fingerprint.equals(before.get(group))) {
                changed.add(group);
            }
        });
        return changed;
    }

    private static Map<String, Long> fingerprints(String file) {
        return Rules.parse("rules.yaml", file, Map.of()).fingerprints();
    }

    @Test
    void areOfTheDefinitionAndOfEveryRuleThatReachesTheGroup() {
        assertThat(changedBy("id, name FROM", "id, name, score FROM")).containsExactly("student");
        assertThat(changedBy("ttl: 10m", "ttl: 11m")).containsExactly("student");
        assertThat(changedBy("{ group: roster, key: \"{class_id}\" }", "{ group: roster, clear: true }"))
                .containsExactly("roster");
        assertThat(changedBy("{ group: roster, key: \"{id}\" }", "{ group: roster, key: \"{id}\", when: inserted }"))
                .containsExactly("roster");
        assertThat(changedBy("username: u,", "username: u, canal-time-zone: UTC,"))
                .containsExactly("roster", "student");
        assertThat(changedBy("3306/app", "3306/other")).containsExactly("roster", "student");
    }

    @Test
    void aCascadeCountsForWhatItReaches() {
        assertThat(changedBy("columns: { class_id: id }", "columns: { class_id: parent }"))
                .contains("roster", "student");
    }

    @Test
    void areTheSameWhereverTheSourceIsAndWhoeverTheUserIs() {
        assertThat(changedBy("//db:3306", "//replica:3307")).isEmpty();
        assertThat(changedBy("username: u, password: p", "username: v, password: q"))
                .isEmpty();
    }

    @Test
    void areTheSameWhateverTheOrderAndTheEvictionPolicy() {
        String one = "- { group: student, key: \"{id}\" }";
        String two = "- { group: roster, key: \"{class_id}\" }";
        assertThat(changedBy(one + "\n      " + two, two + "\n      " + one)).isEmpty();
        assertThat(changedBy("ttl: 10m", "ttl: 10m, policy: lru")).isEmpty();
        assertThat(changedBy("ttl: 10m", "ttl: 10m, max-staleness: 5s, past-max-staleness: fail"))
                .isEmpty();
    }

    @Test
    void theFingerprintOfTheFileIsOfAllGroups() {
        assertThat(Rules.parse("a", FILE, Map.of()).fingerprint())
                .isEqualTo(Rules.parse("b", FILE, Map.of()).fingerprint())
                .isNotEqualTo(
                        Rules.parse("a", FILE.replace("10m", "11m"), Map.of()).fingerprint());
    }
}
