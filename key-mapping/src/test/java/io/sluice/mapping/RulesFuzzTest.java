package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigException;
import io.sluice.mapping.sql.StatementReader;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a rules file says, it is read or refused with a reason; nothing else escapes. */
class RulesFuzzTest {
    private static final String ALPHABET = "{}[]()'\"`:,.*/\\$#-&|!<>= \n\tab1_é\u0000";
    private static final List<String> TEMPLATES = List.of(
            "{id}", "a:{lower(trim(x))}/{mod(hash(y), 16)}", "{json(d, '$.a[0].\"b\"')}", "{date(t, 'yyyy', 'UTC')}");
    private static final List<String> CONDITIONS =
            List.of("changed(a, b)", "inserted || after.x > 3 && before[\"y z\"] != 'q'", "after.s.matches('^a+$')");
    private static final List<String> TABLES = List.of("app.t", "a*.b?", "/app\\.t_\\d+/");
    private static final List<String> STATEMENTS = List.of(
            "RENAME TABLE `a`.`b` TO c, d TO e",
            "ALTER TABLE t DROP COLUMN x, EXCHANGE PARTITION p WITH TABLE q",
            "CREATE TABLE t (a INT, b VARCHAR(9) DEFAULT 'x') PARTITION BY HASH (a)",
            "UPDATE a JOIN b ON a.x = b.y SET a.z = (SELECT MAX(q) FROM c)");

    private static String mutated(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits && !changed.isEmpty(); i++) {
            int at = random.nextInt(changed.length());
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> changed.deleteCharAt(at);
                case 1 -> changed.insert(at, c);
                case 2 -> changed.setCharAt(at, c);
                default ->
                    changed.insert(at, changed.substring(at, Math.min(changed.length(), at + random.nextInt(9))));
            }
        }
        return changed.toString();
    }

    private interface Reader {
        void read(String text);
    }

    private static int refused(List<String> texts, int runs, Reader reader) {
        int refused = 0;
        for (int seed = 0; seed < runs; seed++) {
            String text = mutated(texts.get(seed % texts.size()), new Random(seed));
            try {
                reader.read(text);
            } catch (IllegalArgumentException | ConfigException e) {
                assertThat(e.getMessage()).as(text).isNotBlank();
                refused++;
            }
        }
        return refused;
    }

    @Test
    void templatesConditionsAndTablesAreReadOrRefused() {
        assertThat(refused(TEMPLATES, 5_000, KeyTemplate::parseTemplate)).isBetween(1_000, 4_900);
        assertThat(refused(CONDITIONS, 2_000, Condition::parse)).isBetween(500, 1_990);
        assertThat(refused(TABLES, 2_000, TablePattern::parse)).isBetween(100, 1_900);
    }

    @Test
    void filesAreReadOrRefused() {
        assertThat(refused(List.of(School.YAML), 2_000, text -> Rules.parse("rules.yaml", text, School.ENV)))
                .isBetween(500, 1_990);
    }

    @Test
    void statementsAreReadOrUnreadable() {
        for (int seed = 0; seed < 2_000; seed++) {
            String sql = mutated(STATEMENTS.get(seed % STATEMENTS.size()), new Random(seed));
            assertThat(StatementReader.read(sql, "app")).as(sql).isNotNull();
        }
    }
}
