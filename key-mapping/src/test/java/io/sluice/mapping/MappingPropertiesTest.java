package io.sluice.mapping;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every table, template and row; each run has the seed that its failure names. */
class MappingPropertiesTest {
    private static final int RUNS = 2_000;
    private static final String WHOLE = Invalidation.Scope.GROUP + " ";
    private static final List<String> TYPES = List.of(
            "int",
            "bigint unsigned",
            "decimal(10,2)",
            "varchar(20)",
            "date",
            "datetime(3)",
            "double",
            "enum('red','it''s','a,b')",
            "set('x','y')",
            "bit(8)",
            "varbinary(9)",
            "timestamp");
    private static final List<String> LITERALS = List.of(":", "/", "-", "::", "{{", " x ");
    private static final List<String> TEXTS = List.of("", "a", "Ann:B", "学校", "x/y", "-", "é{}");

    /** A table of a few columns of any type, one group keyed by a template over them, and one rule. */
    private record Case(Map<String, String> types, String template, Rules rules, Random random) {
        /** With columns as they are. */
        static Case of(long seed) {
            return of(seed, List.of("%s"));
        }

        static Case of(long seed, List<String> functions) {
            Random random = new Random(seed);
            Map<String, String> types = new LinkedHashMap<>();
            int columns = 1 + random.nextInt(4);
            StringBuilder template = new StringBuilder(random.nextBoolean() ? "k" : "");
            for (int i = 0; i < columns; i++) {
                types.put("c" + i, TYPES.get(random.nextInt(TYPES.size())));
                template.append(i == 0 ? "" : LITERALS.get(random.nextInt(LITERALS.size())))
                        .append("{"
                                + functions
                                        .get(random.nextInt(functions.size()))
                                        .formatted("c" + i) + "}");
            }
            types.put("other", "int");
            Rules rules = Rules.parse("rules.yaml", """
                    version: 1
                    sources: { app: { jdbc-url: "jdbc:mysql://mysql/app", username: u, canal-time-zone: Asia/Shanghai } }
                    groups: { g: { source: app, key: "%1$s" } }
                    invalidate: [ { table: app.t, keys: [ { group: g, key: "%1$s" } ] } ]
                    """.formatted(template), Map.of());
            return new Case(types, template.toString(), rules, random);
        }

        Map<String, @Nullable String> row() {
            Map<String, @Nullable String> row = new HashMap<>();
            types.forEach((column, type) -> row.put(column, random.nextInt(12) == 0 ? null : value(type)));
            return row;
        }

        /** As Canal might print it. */
        private String value(String type) {
            int n = random.nextInt(200);
            return switch (type) {
                case "int" -> Integer.toString(n - 100);
                case "bigint unsigned" -> Long.toUnsignedString(random.nextLong());
                case "decimal(10,2)" -> n + (random.nextBoolean() ? ".5" : ".50");
                case "date" -> "20%02d-02-%02d".formatted(n % 90, 1 + n % 28);
                case "datetime(3)", "timestamp" -> "2024-02-%02d 01:02:03".formatted(1 + n % 28);
                case "double" -> Double.toString(random.nextDouble());
                case "enum('red','it''s','a,b')" -> Integer.toString(n % 4);
                case "set('x','y')" -> Integer.toString(n % 4);
                case "bit(8)" -> Integer.toString(n);
                default -> TEXTS.get(n % TEXTS.size());
            };
        }

        Set<String> keys(RowChange change) {
            Set<String> keys = new TreeSet<>();
            for (Invalidation one : rules.invalidations(change)) {
                keys.add(one.scope() + " " + one.key());
            }
            return keys;
        }
    }

    private static Map<String, @Nullable String> changed(
            Map<String, @Nullable String> before, Map<String, @Nullable String> after) {
        Map<String, @Nullable String> old = new HashMap<>();
        before.forEach((column, value) -> {
            if (!Objects.equals(value, after.get(column))) {
                old.put(column, value);
            }
        });
        return old;
    }

    @Test
    void theKeyOfARowIsFoundFromEveryChangeOfIt() {
        int keys = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Case one = Case.of(seed);
            Map<String, @Nullable String> before = one.row();
            Map<String, @Nullable String> after = one.row();
            after.put("other", "1");
            before.put("other", "2");
            Set<String> inserted = one.keys(RowChange.insert("app", "t", one.types(), before));
            Set<String> became = one.keys(RowChange.insert("app", "t", one.types(), after));
            keys += inserted.size();
            assertThat(one.keys(RowChange.delete("app", "t", one.types(), before)))
                    .as("DELETE, seed %s", seed)
                    .isEqualTo(inserted);
            Set<String> both = new TreeSet<>(inserted);
            both.addAll(became);
            if (both.contains(WHOLE)) {
                both.retainAll(Set.of(WHOLE));
            }
            assertThat(one.keys(RowChange.update("app", "t", one.types(), after, changed(before, after))))
                    .as("UPDATE, seed %s", seed)
                    .isEqualTo(both);
            assertThat(one.keys(RowChange.update("app", "t", one.types(), before, changed(after, before))))
                    .as("the UPDATE back, seed %s", seed)
                    .isEqualTo(both);
        }
        assertThat(keys).isGreaterThan(RUNS / 2);
    }

    @Test
    void soItIsWithFunctionsAndWhenFewColumnsChange() {
        List<String> functions =
                List.of("%s", "lower(%s)", "upper(trim(%s))", "substring(%s, 2)", "hash(%s)", "mod(hash(%s), 3)");
        int sameKeys = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Case one = Case.of(seed, functions);
            Map<String, @Nullable String> before = one.row();
            Map<String, @Nullable String> after = new HashMap<>(before);
            Map<String, @Nullable String> other = one.row();
            for (String column : one.types().keySet()) {
                if (column.equals("other") || one.random().nextInt(4) == 0) {
                    after.put(column, other.get(column));
                }
            }
            after.put("other", "1");
            before.put("other", "2");
            Set<String> inserted = one.keys(RowChange.insert("app", "t", one.types(), before));
            Set<String> both = new TreeSet<>(inserted);
            both.addAll(one.keys(RowChange.delete("app", "t", one.types(), after)));
            sameKeys += both.equals(inserted) ? 1 : 0;
            if (both.contains(WHOLE)) {
                both.retainAll(Set.of(WHOLE));
            }
            assertThat(one.keys(RowChange.update("app", "t", one.types(), after, changed(before, after))))
                    .as("seed %s", seed)
                    .isEqualTo(both);
        }
        assertThat(sameKeys).isBetween(RUNS / 10, RUNS * 9 / 10);
    }

    @Test
    void aKeyIsParsedIntoWhatItWasRenderedFromOrNotAtAll() {
        int parsed = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Case one = Case.of(seed);
            Map<String, @Nullable String> row = one.row();
            KeyTemplate template = KeyTemplate.parseTemplate(one.template());
            for (String key : one.keys(RowChange.insert("app", "t", one.types(), row))) {
                Optional<Map<String, String>> values = template.parse(key.substring(key.indexOf(' ') + 1));
                if (values.isPresent()) {
                    parsed++;
                    List<String> canonical = new ArrayList<>();
                    for (String column : template.columns()) {
                        Canonical text = new KeyPart(column, List.of())
                                .of(
                                        requireNonNull(one.types().get(column)),
                                        requireNonNull(row.get(column)),
                                        ZoneId.of("Asia/Shanghai"));
                        canonical.add(((Canonical.Text) text).text());
                    }
                    assertThat(List.copyOf(values.get().values()))
                            .as("seed %s", seed)
                            .isEqualTo(canonical);
                }
            }
        }
        assertThat(parsed).isGreaterThan(RUNS / 2);
    }
}
